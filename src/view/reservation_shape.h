/*
 * reservation_shape - reservations as JSON of the MCP tools and resources
 * (contract/reservations-resources.md 4.2 to 4.4, 4.10, 8.9).
 */
#ifndef VIEW_RESERVATION_SHAPE_H
#define VIEW_RESERVATION_SHAPE_H

#include "base/json_write.h"
#include "mail/reservation/reserve.h"

struct reserve_status;

/* {id, path_pattern, exclusive, reason, expires_ts}: a reservation that was granted, by REST too. */
void shape_granted(struct jw *w, const struct reservation *r);
/* {"granted":[...],"conflicts":[...]} */
void shape_reserve_result(struct jw *w, const struct reserve_result *r);
/* The array of {surface, holder, path_pattern, exclusive, expires_ts} in a FILE_RESERVATION_CONFLICT payload. */
void shape_mail_blocks(struct jw *w, const struct mail_blocks *b);
/* The object of resource://file_reservations. */
void shape_reserve_status(struct jw *w, const struct reservation *r, const struct reserve_status *s);

#endif
