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
/* Steps a look-up once, reads its row, ends the statement. */
int agent_row_one(struct cx *cx, struct stmt *s, struct agent *out);

#endif
