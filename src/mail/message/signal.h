/*
 * signal - a file for each agent that has new mail, for hooks that look at files
 * (contract/messaging.md 8): SIGNALS_DIR/projects/<slug>/agents/<Name>.signal.
 *
 * The keeper writes them (keeper/signals.h), fetch_inbox and the inbox of REST
 * remove the agent's own (decision 3.59). A file's modification time is the time of the message that it
 * tells of, which is how a fetch knows whether it has seen that one.
 */
#ifndef MAIL_MESSAGE_SIGNAL_H
#define MAIL_MESSAGE_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct arena;
struct conf;
struct cx;
struct project;

/* Where the agent's signal lies; slug and name are as stored. */
struct str signal_path(const struct conf *conf, struct arena *a, struct str slug, struct str name);

struct signal {
	struct str project, agent; /* slug and name */
	int64_t message_id, created_ts;
	struct str from, subject, importance;
};

/*
 * Writes the file beside its place and renames it there, making directories as
 * needed; without the message if notifications_include_metadata is off. 0, or
 * the errno of what failed.
 */
int signal_write(struct cx *cx, const struct signal *s);
/* Removes the file unless it tells of a message later than `seen_ts`. */
void signal_remove(struct arena *a, struct str path, int64_t seen_ts);

/*
 * The agent is about to read its inbox: once that has succeeded its signal goes,
 * and the keeper is told what needs none any more. Nothing when notifications
 * are off. To be called before the reading. 0, or -1 with cx->fail.
 */
int signal_fetched(struct cx *cx, const struct project *p, const struct agent *agent);

#endif
