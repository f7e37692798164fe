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

static char *room;         /* where argv[0] begins */
static size_t room_size;   /* up to the end of the last string that follows without a gap */
static char **saved;

static char *
copy(const char *s)
{
	char *p = strdup(s);

	must(p != NULL);
	return p;
}

static char **
copy_all(char **from)
{
	size_t n = 0;
	char **to;

	while (from[n] != NULL)
		n++;
	to = calloc(n + 1, sizeof(*to));
	must(to != NULL);
	for (size_t i = 0; i < n; i++)
		to[i] = copy(from[i]);
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
	environ = copy_all(environ);
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
