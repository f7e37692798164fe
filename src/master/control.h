/*
 * control - the UNIX socket of `agentmail ctl`, served by the master.
 *
 * A client sends one line, a word of sig_table (reload, reopen, upgrade, stop,
 * fast, quit, drain) or "status", and gets one line:
 *
 *   status           a JSON object (control_status)
 *   reload, upgrade  "ok TEXT" or "error TEXT" when it is over, not before
 *   reopen, drain    "ok TEXT"
 *   stop, fast, quit "ok stopping"; the connection stays open until the master
 *                    has ended, so that its end of file means: stopped
 *   anything else    "error TEXT", naming the words
 *
 * Further lines may follow on the same connection. Only the master's own account
 * (and root) may connect: mode 0600.
 */
#ifndef MASTER_CONTROL_H
#define MASTER_CONTROL_H

#include "base/buf.h"
#include "master/state.h"
#include "proc/sig.h"

struct pollset;

/* Binds control_socket anew; failure is logged and costs no more than `ctl`. */
void control_open(struct master *m);
/* Stops listening, without removing the path (another master has it); clients stay. */
void control_close(struct master *m);
/* At the end: removes the path if it is ours, closes everything. */
void control_end(struct master *m);
void control_poll(struct master *m, struct pollset *ps);
/* The work that clients asked for has begun; those who ask from now on wait for the next time. */
void control_began(struct master *m, enum sig_flag what);
/* It is over: tells those who wait for it. */
void control_answer(struct master *m, enum sig_flag what, bool ok, const char *text);
/*
 * {"version","pid","uptime_s","phase","generation","listen","waiting","config",
 *  "archive":{"backlog","lag_us","through"}, "processes":[{"role","index","pid",
 *  "generation","state","uptime_s","respawns","slot","requests","connections"}]}
 */
void control_status(struct master *m, struct buf *out);

#endif
