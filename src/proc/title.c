/*
 * title - process titles for master and children, and the saved command line.
 */
#include "proc/title.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"

static char *room;       /* where argv[0] begins */
static size_t room_size; /* up to the end of the last string that follows without a gap */
static char **saved, **variables;

/* copy_all - one block, pointers first, so that whoever drops a string from the list leaks nothing. */
static char **
copy_all(char **from)
{
	size_t n = 0, bytes = 0;
	char **to, *p;

	for (; from[n] != NULL; n++)
		bytes += strlen(from[n]) + 1;
	to = malloc((n + 1) * sizeof(*to) + bytes);
	must(to != NULL);
	p = (char *)(to + n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(from[i]) + 1;

		memcpy(p, from[i], size);
		to[i] = p;
		p += size;
	}
	to[n] = NULL;
	return to;
}

/* extend - the room grows by every string that lies right behind it. */
static void
extend(char **strings)
{
	for (; *strings != NULL; strings++)
		if (*strings == room + room_size)
			room_size += strlen(*strings) + 1;
}

void
title_init(int argc, char **argv)
{
	if (argc < 1 || saved != NULL)
		return;
	room = argv[0];
	extend(argv);
	extend(environ);
	saved = copy_all(argv);
	environ = variables = copy_all(environ);
}

char *const *
title_argv(void)
{
	return saved;
}

void
title_set(const char *comm, const char *fmt, ...)
{
	char text[128];
	va_list ap;
	int n;

	n = snprintf(text, sizeof(text), "agentmaild: ");
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	prctl(PR_SET_NAME, comm);
	if (room_size < 2)
		return;
	memset(room, 0, room_size);
	snprintf(room, room_size, "%s", text);
}
