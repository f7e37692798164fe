/*
 * idempotency - the same key and arguments give the first answer again
 * (decisions 3.16, 3.58; contract/rest-and-rust-peers.md B.6.9).
 *
 * Find and store run inside the transaction of the effect, so that a caller who
 * lost the answer may ask again without fear, whatever died in between.
 */
#ifndef API_IDEMPOTENCY_H
#define API_IDEMPOTENCY_H

#include "base/json_read.h"
#include "api/param.h"

struct cx;

#define IDEM_KEY_MAX 255
#define IDEM_PRINT 32

struct idem {
	const char *name;                /* tool or route */
	struct str key;                  /* absent: the call is not kept */
	struct str project;              /* as the caller named it; absent: none */
	unsigned char print[IDEM_PRINT]; /* of the arguments */
};

/* Trims the key; a blank one is absent. 0, or -1 with INVALID_ARGUMENT when it is too long. */
int idem_key(struct cx *cx, struct str given, struct str *key);
/*
 * SHA-256 of the arguments that the table knows, the key itself left out, and of
 * `more`: what else tells calls apart (a path, a token in a header). Tokens
 * count, and with agent_auth = token the session does: who could not make the
 * call must not get its answer either.
 */
void idem_print(struct cx *cx, const struct param *params, size_t nparams, struct jr args, struct str more,
    unsigned char out[IDEM_PRINT]);
/* Looks up the first answer; -1 also with IDEMPOTENCY_KEY_CONFLICT, for other arguments. */
int idem_find(struct cx *cx, const struct idem *idem, struct str *answer);
/* Stores the answer under the key. 0 or -1. */
int idem_store(struct cx *cx, const struct idem *idem, struct str answer);

#endif
