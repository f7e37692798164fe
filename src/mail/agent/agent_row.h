/*
 * agent_row - a row of agents as a struct, for the files of mail/ whose
 * statements select AGENT_COLS.
 */
#ifndef MAIL_AGENT_AGENT_ROW_H
#define MAIL_AGENT_AGENT_ROW_H

#include "mail/agent/agent.h"

struct stmt;

/* Fills *out from columns 0 on; texts are copied into cx->arena. */
void agent_row(struct cx *cx, struct stmt *s, struct agent *out);
/* Steps once, reads, ends the statement: 1, 0, -1. */
int agent_row_one(struct cx *cx, struct stmt *s, struct agent *out);

#endif
