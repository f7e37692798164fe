/*
 * pane - which agent works in which tmux pane: files that other programs of the
 * account read too (contract/rest-and-rust-peers.md B.6.5).
 *
 *   <pane_identity_dir>/<12 digits of sha1(project path)>/<pane>   name, newline
 *
 * No directory or file that is a symbolic link is read or written. Names are not
 * compared with the database when they are read.
 */
#ifndef MAIL_AGENT_PANE_H
#define MAIL_AGENT_PANE_H

#include "base/str.h"

struct cx;
struct project;

struct pane_identity {
	struct str agent_name, pane_id, path; /* path: the file that has the name */
};

/* The pane a call is about: `given`, else what the client's header says; absent when neither does. */
struct str pane_of(const struct cx *cx, struct str given);
/* Name of the pane's file: "%7" is 7, "work:0.1" is work-0_1. */
struct str pane_file_name(struct arena *a, struct str pane);
/* After the commit the pane is the agent's; a file that cannot be written is logged. Nothing without a pane. */
void pane_assign(struct cx *cx, const struct project *p, struct str pane, struct str agent_name);
/* Who works there? 0, or -1: MISSING_PANE_ID, IDENTITY_NOT_FOUND, errors of the key. The project need not exist. */
int pane_resolve(struct cx *cx, struct str project_key, struct str given, struct pane_identity *out);
/*
 * Removes files of panes whose agent is retired, deleted or unknown: of one
 * project, or of all with NULL. Directories of projects that are not ours stay.
 * The paths in *removed. 0 or -1.
 */
int pane_cleanup(struct cx *cx, const struct project *p, struct str_list *removed);

#endif
