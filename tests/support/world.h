/*
 * world - a small mail world written with SQL, and the archive made of it.
 *
 * One project "backend" (/data/backend) with BlueLake (1), GreenHill (2), RedFox
 * (3) and a project "other" (/data/other) with GreyOwl (4). The git program
 * checks what was written.
 */
#ifndef SUPPORT_WORLD_H
#define SUPPORT_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/group.h"
#include "support/fixture.h"

struct world {
	struct fixture f;
	struct arch a;
	bool open;
};

void world_init(struct world *w);
void world_fini(struct world *w);

/* A message with its outbox row; lists are ids separated by commas, "" for none; NULL thread for none. Returns its id. */
int64_t world_mail(struct world *w, int from, const char *to, const char *cc, const char *bcc, const char *subject,
    const char *body, const char *thread);
/* n messages "Subject <i>" from BlueLake to GreenHill in one transaction. */
void world_mails(struct world *w, int n);
/* An outbox row of kind QUEUE_AGENT with a profile whose task is `task`. */
void world_profile(struct world *w, int agent, const char *name, const char *task);
/* An outbox row of any kind. */
void world_row(struct world *w, int kind, int64_t ref, const char *payload);

/* Opens and settles the archive in <dir>/archive; fails the test when it cannot. */
void world_open(struct world *w);
void world_close(struct world *w);
/* Applies and acknowledges all rows, in groups or one by one. */
void world_drain(struct world *w, bool single);
int64_t world_pending(struct world *w);

/*
 * An archiver in a process of its own, as the daemon runs it, until the outbox is
 * empty and the index is written, or until `fault` (AGENTMAIL_FAULT, may be NULL)
 * ends it. Returns its wait status. Nothing of this process is open meanwhile.
 */
int world_archiver(struct world *w, const char *fault);
/* The same for at most `turns` turns. */
int world_archiver_turns(struct world *w, const char *fault, int turns);
/* The same, killed after so many microseconds. */
void world_archiver_killed(struct world *w, int us);
/* After all that: nothing pending, each message in Git once and in order, nothing left lying about, work tree clean. */
void world_settled(struct world *w, int messages);

/* Output of `git -C <archive> <args>`, without the last newline; fails the test when git fails. */
struct str world_git(struct world *w, const char *args);
/* The same, also when git fails; *rc its exit code. */
struct str world_git_rc(struct world *w, const char *args, int *rc);
/* git fsck --full --strict has nothing to say, not even that something dangles. */
void world_fsck(struct world *w);
/* How many commits touch this path. */
int world_touches(struct world *w, const char *path);

#define ck_has(text, part) \
	do { \
		struct str ck_t = (text); \
		ck_assert_msg(str_find(ck_t, str_c(part)) >= 0, "\"%s\" is not in:\n%.*s", part, (int)ck_t.n, ck_t.p); \
	} while (0)
#define ck_has_not(text, part) \
	do { \
		struct str ck_t = (text); \
		ck_assert_msg(str_find(ck_t, str_c(part)) < 0, "\"%s\" is in:\n%.*s", part, (int)ck_t.n, ck_t.p); \
	} while (0)

#endif
