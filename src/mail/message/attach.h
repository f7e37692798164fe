/*
 * attach - what a message carries besides its text (contract/messaging.md 9).
 *
 * Images that the body or attachment_paths name by path become WebP: in the
 * message itself when small, else beside it in the archive. The helper process
 * finds and decodes them before the message is sent: names_ says which files it
 * is asked for, fill puts what it found into the message to one project. data:
 * URIs stay where they are and are listed by their media type.
 */
#ifndef MAIL_MESSAGE_ATTACH_H
#define MAIL_MESSAGE_ATTACH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/message/picture.h"

struct agent;
struct cx;
struct outgoing;
struct project;
struct recipient_groups;

/* Files that one message may name. */
#define ATTACH_MAX 50
/* Bytes of a path. */
#define ATTACH_PATH_MAX 512

/* attachment_paths and convert_images of the tools, and what the helper saw of the files that they mean. */
struct send_attach {
	struct str_list paths;
	bool has_convert, convert; /* unset: the setting */
	struct pictures found;
};

enum attach_embed { ATTACH_AUTO, ATTACH_INLINE, ATTACH_FILE };

struct attach_rules {
	bool convert; /* images of the body are looked at one by one */
	bool files;   /* and those of them that are files become attachments: by the rules of the call */
	enum attach_embed embed;
};

/* The rules that the call, the settings and the sender's attachments_policy make together. */
struct attach_rules attach_rules(const struct cx *cx, const struct send_attach *at, const struct agent *sender);
/* Paths of the files that the message names, each once, in cx->arena; those that are wrong are left to attach_fill. */
struct str_list attach_names(
    struct cx *cx, const struct send_attach *at, const struct attach_rules *rules, struct str body);

/* One file to be looked for. */
struct attach_want {
	int64_t project_id;   /* 0 and dir empty: path is absolute */
	struct str dir, path; /* below dir */
};

struct attach_wants {
	struct attach_want *v;
	size_t n;
	bool originals;
};

/* Lists each of the names in each project that the message goes to, and in the sender's own. */
void attach_wants(struct cx *cx, const struct str_list *names, const struct project *own,
    const struct recipient_groups *groups, struct attach_wants *out);

/*
 * Fills body_md, attachments, pictures and attaches of the message to part->project;
 * its body_md is that of the call. What the project's directory has not is taken
 * from the sender's own. 0, or -1: paths and pictures that cannot be attached.
 */
int attach_fill(struct cx *cx, const struct send_attach *at, const struct attach_rules *rules,
    const struct project *own, struct outgoing *part);

#endif
