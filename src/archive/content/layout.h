/*
 * layout - where things lie in the archive, and what their files say.
 *
 * Pure functions of the data; memory of the arena. The contract is
 * contract/messaging.md 8 and contract/reservations-resources.md 9 with decisions
 * 3.13, 3.14, 3.41 and 3.42. Paths are relative to the repository.
 */
#ifndef ARCHIVE_CONTENT_LAYOUT_H
#define ARCHIVE_CONTENT_LAYOUT_H

#include "base/arena.h"
#include "base/str.h"

struct arch_mail;

#define LAYOUT_ATTRIBUTES "*.json text\n*.md text\n"

/*
 * A thread's digest grows by appending, so that its blob is written anew each
 * time. Past this size it goes on in a further part, or a long thread would cost
 * more with each message.
 */
#define LAYOUT_DIGEST_PART (128u << 10)

/* projects/<slug>/messages/YYYY/MM/<time>__<subject>__<id>.md */
struct str layout_canonical(struct arena *a, const struct arch_mail *m);
/* projects/<slug>/agents/<agent>/<box>/YYYY/MM/<file>; box is "inbox" or "outbox". */
struct str layout_copy(struct arena *a, const struct arch_mail *m, struct str agent, const char *box);
/* projects/<slug>/messages/threads/<thread>.md; from part 2 on <thread>~<part>.md ("~" is in no thread id). */
struct str layout_digest(struct arena *a, struct str slug, struct str thread, int part);
/* projects/<slug>, and projects/<slug>/agents/<agent>. */
struct str layout_project(struct arena *a, struct str slug);
struct str layout_agent(struct arena *a, struct str slug, struct str agent);
struct str layout_profile(struct arena *a, struct str slug, struct str agent);
/* file_reservations/<sha1 of the trimmed pattern>.json, and file_reservations/id-<id>.json. */
struct str layout_lease_by_pattern(struct arena *a, struct str slug, struct str pattern);
struct str layout_lease_by_id(struct arena *a, struct str slug, int64_t id);

/* Who reads a copy decides which bcc it names (decision 3.42). */
enum layout_bcc { LAYOUT_BCC_NONE, LAYOUT_BCC_ALL, LAYOUT_BCC_SELF };
/* Front matter and body; `self` is named for LAYOUT_BCC_SELF. */
struct str layout_message(struct arena *a, const struct arch_mail *m, enum layout_bcc bcc, struct str self);

/*
 * Calls fn for each file of a message but the digest, its pictures included, the canonical one first,
 * until it returns other than 0; returns that. `canonical` is layout_message
 * without bcc.
 */
int layout_files(struct arena *a, const struct arch_mail *m, struct str canonical,
    int (*fn)(void *arg, struct str path, struct str bytes), void *arg);

/* First lines of a digest of a thread, and the piece that a message adds to it; in `a`. */
struct str layout_digest_head(struct arena *a, struct str thread);
struct str layout_digest_entry(struct arena *a, const struct arch_mail *m);
/* Last lines of a part that goes on in the next one. */
struct str layout_digest_tail(struct arena *a, struct str slug, struct str thread, int next_part);

/* "Name" or "Name@<project slug>" for a sender from elsewhere. */
struct str layout_sender(struct arena *a, const struct arch_mail *m);
/* One line of text: control bytes become spaces. */
struct str layout_line(struct arena *a, struct str s);

#endif
