/*
 * reserve_archive - reservations on their way to the archive.
 */
#ifndef MAIL_RESERVATION_RESERVE_ARCHIVE_H
#define MAIL_RESERVATION_RESERVE_ARCHIVE_H

#include "mail/reservation/reserve.h"
#include "store/archive_payload.h"

/* The archive's record of r, a reservation of p; borrows from both. */
struct record_payload reserve_record(const struct project *p, const struct reservation *r);
/* Queues the records of rows of one project, inside a write operation; nothing for an empty list. 0 or -1. */
int reserve_to_archive(struct cx *cx, const struct project *p, const struct reservations *list);

#endif
