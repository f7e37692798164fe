/*
 * idempotency - finds and stores first answers by key; the arguments count by a digest, in which
 * tokens are, too.
 *
 * An answer is never handed to somebody who could not have made the call.
 */
#include "api/idempotency.h"

#include <string.h>

#include "base/fail.h"
#include "base/hash.h"
#include "conf/conf.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Expired keys that are deleted when a new one is stored; the rest is the keeper's work. */
#define EXPIRE_AT_ONCE 16

int
idem_key(struct cx *cx, struct str given, struct str *key)
{
	given = str_trim(given);
	*key = STR_NONE;
	if (given.n == 0)
		return 0;
	if (str_chars(given) > IDEM_KEY_MAX) {
		fail(cx, ERR_INVALID_ARGUMENT, "idempotency_key is too long: at most %d characters were expected",
		    IDEM_KEY_MAX);
		jw_kcstr(fail_data(cx), "field", "idempotency_key");
		jw_kint(fail_data(cx), "max_len", IDEM_KEY_MAX);
		return -1;
	}
	*key = given;
	return 0;
}

void
idem_print(struct cx *cx, const struct param *params, size_t nparams, struct jr args, struct str more,
    unsigned char out[IDEM_PRINT])
{
	struct buf text;
	struct jr v;

	buf_init(&text, cx->arena);
	for (size_t i = 0; i < nparams; i++) {
		v = jr_get(args, params[i].name);
		if (v.type == JR_ABSENT || v.type == JR_NULL || strcmp(params[i].name, "idempotency_key") == 0)
			continue;
		buf_printf(&text, "%s=", params[i].name);
		jr_write_canonical(v, &text, cx->arena);
		buf_putc(&text, '\n');
	}
	buf_str(&text, more);
	if (cx->conf->agent_auth == AGENT_AUTH_TOKEN)
		buf_str(&text, cx->caller.session);
	hash_sha256(buf_flat(&text), out);
}

/* 0 stands for "no project", also for one that does not exist (yet): the tool itself says what is wrong with the key. */
static int64_t
project_id(struct cx *cx, const struct idem *idem)
{
	struct project project = { .id = 0 };

	if (idem->project.p == NULL || str_blank(idem->project))
		return 0;
	if (project_lookup(cx, idem->project, &project) < 0)
		fail_clear(&cx->fail);
	return project.id;
}

static int
conflict(struct cx *cx, const struct idem *idem, struct str first)
{
	struct jw *w;

	fail(cx, ERR_IDEMPOTENCY_KEY_CONFLICT,
	    "idempotency_key '%" PRIstr
	    "' was used with other arguments of %s: take a new key, or repeat the first arguments",
	    FSTR(idem->key), idem->name);
	cx->fail.recoverable = false;
	w = fail_data(cx);
	jw_kcstr(w, "tool", idem->name);
	jw_kstr(w, "idempotency_key", idem->key);
	jw_kstr(w, "original_fingerprint", hash_hex(cx->arena, first.p, first.n));
	jw_kstr(w, "attempted_fingerprint", hash_hex(cx->arena, idem->print, IDEM_PRINT));
	return -1;
}

int
idem_find(struct cx *cx, const struct idem *idem, struct str *answer)
{
	struct str print = { (const char *)idem->print, IDEM_PRINT }, first = STR_NONE;
	struct stmt *s = stmt_get(cx->db, STMT_IDEM_FIND);
	int rc;

	stmt_bind_int(s, 1, project_id(cx, idem));
	stmt_bind_str(s, 2, str_c(idem->name));
	stmt_bind_str(s, 3, idem->key);
	stmt_bind_int(s, 4, cx->now - cx->conf->idempotency_ttl);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		first = stmt_str(s, 0, cx->arena);
		*answer = stmt_str(s, 1, cx->arena);
	}
	stmt_done(s);
	if (rc > 0 && !str_eq(first, print))
		return conflict(cx, idem, first);
	return rc;
}

int
idem_store(struct cx *cx, const struct idem *idem, struct str answer)
{
	struct stmt *s = stmt_get(cx->db, STMT_IDEM_EXPIRE);

	stmt_bind_int(s, 1, cx->now - cx->conf->idempotency_ttl);
	stmt_bind_int(s, 2, EXPIRE_AT_ONCE);
	if (stmt_run(cx, s) != 0)
		return -1;
	s = stmt_get(cx->db, STMT_IDEM_STORE);
	stmt_bind_int(s, 1, project_id(cx, idem));
	stmt_bind_str(s, 2, str_c(idem->name));
	stmt_bind_str(s, 3, idem->key);
	stmt_bind_blob(s, 4, (struct str){ (const char *)idem->print, IDEM_PRINT });
	stmt_bind_str(s, 5, answer);
	stmt_bind_int(s, 6, cx->now);
	return stmt_run(cx, s);
}
