/*
 * question - what the helper can be asked: one row of a table each.
 *
 *   {"do":"signs","dir":str,"items":[{"id":int,"pattern":str}]}
 *     {"items":[{"id","matched","files_ts","git_ts"}]}: times in microseconds, git_ts null when unknown;
 *     an item that could not be seen is left out
 *   {"do":"head","dir":str}
 *     {"branch":str|null,"worktree":str|null}
 *   {"do":"identity","dir":str}
 *     the members of contract/reservations-resources.md 8.4 from repo_root on; {} when nobody may know
 *   {"do":"guard_install","repo":str,"roots":[str],"records":str}
 *     {"hook":str} or {"error":int,"text":str}: errno, 0 for a wrong argument
 *   {"do":"guard_uninstall","repo":str,"roots":[str]}
 *     {"removed":bool} or as above; roots absent: anywhere
 *   {"do":"archive","what":str,"dir":str,"sha","path","author":str,"since","until","limit","offset":int,
 *    "items":[{"id":int,"sha":str}]}
 *     {"result":...} as archive/query/query.h has it, or {"refused":"absent"|"ambiguous"|"large"|"late"|"trouble",
 *     "size":int,"why":str}
 *   {"do":"pictures","max_bytes":int,"max_pixels":int,"memory":int,"originals":bool,
 *    "items":[{"project":int,"dir":str,"path":str}]}
 *     {"items":[{"project","path","sha1","width","height","at","n","bytes","original_at"?}]}, or "error":word and
 *     what belongs to it in place of the rest. n WebP bytes at `at`, and `bytes` of the original at `original_at` if
 *     wanted, lie in the memory file that comes along;
 *     dir empty: path is absolute, else it must lead below dir. Words: mail/message/picture.def
 *   {"do":"chat","model":str|null,"system":str,"user":str,"echo":any}
 *     {"model":str,"reply":object,"echo":any} or {"error":str}: what a language model answered, and which one
 *
 * Every question begins with its name.
 */
#ifndef HELPER_QUESTION_H
#define HELPER_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_write.h"

struct conf;

/* Questions are answered side by side, so many of a kind at once; each kind has its time (helper.c). */
enum question_kind { QUESTION_LIGHT, QUESTION_PICTURES, QUESTION_MODEL, QUESTION_KINDS };

struct helper_task {
	struct arena *arena;
	const struct conf *conf;
	int64_t deadline;        /* monotonic: what is not done then is unknown */
	struct jr ask;
	struct jw *answer;       /* inside the object */
	int pass;                /* file that goes along with the answer, -1 for none */
};

/* Writes the answer to the question as an object; nothing for what it does not understand. Returns the file that goes along, or -1. */
int question_answer(const struct conf *conf, struct str text, int64_t deadline, struct arena *a, struct buf *out);
/* By its name; what is not known is light. */
enum question_kind question_kind(struct str text);

/* The rows. */
void question_signs(struct helper_task *t);
void question_head(struct helper_task *t);
void question_identity(struct helper_task *t);
void question_archive(struct helper_task *t);
void question_guard_install(struct helper_task *t);
void question_guard_uninstall(struct helper_task *t);
void question_pictures(struct helper_task *t);
void question_chat(struct helper_task *t);

#endif
