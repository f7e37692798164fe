/*
 * error - records why a step failed, so that a caller can return it in one line.
 */
#include "archive/pack/error.h"

#include <stdarg.h>
#include <stdio.h>

int
arch_error(struct arch_error *w, enum arch_kind kind, const char *fmt, ...)
{
	va_list ap;

	w->kind = kind;
	va_start(ap, fmt);
	vsnprintf(w->text, sizeof(w->text), fmt, ap);
	va_end(ap);
	return -1;
}
