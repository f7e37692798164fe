/*
 * verb - see verb.h. Standard output and error are files without names meanwhile.
 */
#include "support/verb.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct kept {
	FILE *stream;
	int saved, file;
};

static struct kept
keep(FILE *stream)
{
	struct kept k = { .stream = stream };

	fflush(stream);
	k.saved = dup(fileno(stream));
	k.file = memfd_create("said", MFD_CLOEXEC);
	ck_assert(k.saved >= 0 && k.file >= 0 && dup2(k.file, fileno(stream)) >= 0);
	return k;
}

static struct str
release(struct kept *k, struct arena *a)
{
	struct str s;
	off_t n;

	fflush(k->stream);
	dup2(k->saved, fileno(k->stream));
	close(k->saved);
	n = lseek(k->file, 0, SEEK_END);
	s = (struct str){ arena_get(a, (size_t)n + 1), (size_t)n };
	ck_assert_int_eq(pread(k->file, (char *)(uintptr_t)s.p, s.n, 0), n);
	close(k->file);
	return s;
}

struct said
verb_run(struct cli *cli, const char *words)
{
	struct str rest = str_c(words), word;
	const struct cli_verb *v = cli_verbs;
	struct kept out, err;
	char *argv[16] = { NULL };
	struct said said;
	int argc = 0;

	while (str_next(&rest, ' ', &word) && argc < 15)
		argv[argc++] = arena_cstr(&cli->arena, word);
	while (v->name != NULL && strcmp(v->name, argv[0]) != 0)
		v++;
	ck_assert_msg(v->name != NULL, "no verb %s", argv[0]);
	cli->verb = argv[0];
	out = keep(stdout);
	err = keep(stderr);
	said.code = v->run(cli, argc, argv);
	said.err = release(&err, &cli->arena);
	said.out = release(&out, &cli->arena);
	return said;
}
