/*
 * reservation_shape - reservations as JSON of the MCP tools and resources
 * (contract/reservations-resources.md 4.2 to 4.4, 4.10, 8.9).
 */
#ifndef VIEW_RESERVATION_SHAPE_H
#define VIEW_RESERVATION_SHAPE_H

#include "base/json_write.h"
#include "mail/reservation/reserve.h"

struct project;

/* {"granted":[...],"conflicts":[...]} */
void shape_reserve_result(struct jw *w, const struct reserve_result *r);
/* The array of {surface, holder, path_pattern, exclusive, expires_ts} in a FILE_RESERVATION_CONFLICT payload. */
void shape_mail_blocks(struct jw *w, const struct mail_blocks *b);
/* One record of the archive (contract/reservations-resources.md 9.4); members unsorted. */
void shape_archive_record(struct jw *w, const struct project *p, const struct reservation *r);

#endif
