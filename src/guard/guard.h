/*
 * guard - Git hooks that look at file reservations before a commit or a push
 * (contract/reservations-resources.md 5, decisions 3.23, 3.57).
 *
 * The hook is a small shell script at the place that git itself reports; it runs
 * `agentmail guard hook`, which reads the archive's records and needs no server.
 * File names and markers are those of the reference, so that either can remove
 * what the other installed.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"

struct git;

enum guard_hook { GUARD_PRE_COMMIT, GUARD_PRE_PUSH, GUARD_HOOKS };
extern const char *const guard_hook_names[GUARD_HOOKS]; /* "pre-commit", "pre-push" */

/* Where a repository keeps its hooks. */
struct guard_place {
	struct str top;   /* of the working tree; the git directory of a bare repository */
	struct str hooks; /* absolute */
};

/* What a failure says: kind 0 for a wrong argument, else the errno; text for people. */
struct guard_why {
	int error;
	char text[4400];
};

/* Finds it from any directory inside. false with *why: no directory, no repository. */
bool guard_place(const char *repo, int64_t deadline, struct arena *a, struct guard_place *out, struct guard_why *why);

struct guard_install {
	struct guard_place place;
	struct str records; /* the project's directory of reservation records */
	struct str program; /* agentmail, absolute */
	bool prepush;       /* pre-push too */
};
/* Installs or renews. The path of the pre-commit file in *hook. A hook that was there is kept in the chain. */
bool guard_install(const struct guard_install *in, struct arena *a, struct str *hook, struct guard_why *why);
/* Takes out both hooks; *removed when something of ours was there. */
bool guard_uninstall(const struct guard_place *place, struct arena *a, bool *removed, struct guard_why *why);

/* What lies at the place of a hook. */
struct guard_state {
	bool exists, chained; /* some hook; the chain runner */
	bool guarded;         /* our part of the chain, or a guard of one piece */
	bool original;        /* .orig is kept */
};
struct guard_state guard_state(const struct guard_place *place, enum guard_hook hook, struct arena *a);

/* Texts of the two files (guard/script.c). */
struct str guard_runner(struct arena *a, enum guard_hook hook);
struct str guard_plugin(struct arena *a, enum guard_hook hook, const struct guard_install *in);

/* An exclusive reservation that holds now. */
struct guard_record {
	int64_t id;
	struct str pattern, agent;
};
struct guard_records {
	struct guard_record *v;
	size_t n, room;
	bool readable; /* the directory is there */
};
/* Those of a directory of records that agent does not hold himself; STR_NONE: everybody's. `now` in microseconds. */
void guard_records(const char *dir, struct str agent, int64_t now, struct arena *a, struct guard_records *out);

/* Paths that the commit or push changes, each once. false when git could not tell. */
bool guard_commit_paths(const struct git *g, struct arena *a, struct str_list *out);
bool guard_push_paths(const struct git *g, struct arena *a, const char *remote, struct str lines, struct str_list *out);
/* NUL-separated paths, each once, as `guard check --stdin-nul` gets them. */
void guard_split(struct arena *a, struct str text, struct str_list *out);

/* Says on `err` who holds what of these paths, ten lines at most; how many meetings there are. */
size_t guard_report(
    const struct guard_records *records, const struct str_list *paths, bool ignore_case, struct arena *a, FILE *err);

#endif
