/*
 * session - makes and checks session ids, and notes in the database what an id cannot carry:
 * use after a long time, and the end.
 *
 * Layout before base64url: kind 1, version 1, capabilities 2, issued 4 (seconds), random 16, owner
 * 8, MAC 16 = 48 bytes, so 64 characters without padding.
 */
#include "mcp/session.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "mcp/version.h"
#include "job/runtime.h"
#include "store/cx.h"
#include "store/stmt.h"

enum {
	KIND = 1,
	AT_VERSION = 1,
	AT_CAPS = 2,
	AT_ISSUED = 4,
	AT_KEY = 8,
	RANDOM_SIZE = 16,
	AT_OWNER = 24,
	OWNER_SIZE = 8,
	AT_MAC = 32,
	MAC_SIZE = 16,
	ID_SIZE = 48
};

static const struct {
	const char *name, *part;
	unsigned cap;
} cap_table[] = {
	{ "sampling", NULL, CAP_SAMPLING },
	{ "sampling", "tools", CAP_SAMPLING_TOOLS },
	{ "elicitation", NULL, CAP_ELICITATION_FORM },
	{ "elicitation", "url", CAP_ELICITATION_URL },
	{ "roots", NULL, CAP_ROOTS },
	{ "roots", "listChanged", CAP_ROOTS_CHANGED },
	{ "tasks", NULL, CAP_TASKS },
};

unsigned
session_caps(struct jr capabilities)
{
	unsigned caps = 0;
	struct jr v;

	for (size_t i = 0; i < sizeof(cap_table) / sizeof(cap_table[0]); i++) {
		v = jr_get(capabilities, cap_table[i].name);
		if (cap_table[i].part != NULL)
			v = jr_get(v, cap_table[i].part);
		if (v.type == JR_OBJ || jr_bool(v))
			caps |= cap_table[i].cap;
	}
	return caps;
}

/* Who the session belongs to; zero for a caller without credentials. */
static void
owner(const struct caller *caller, unsigned char out[OWNER_SIZE])
{
	unsigned char digest[32];

	memset(out, 0, OWNER_SIZE);
	if (!caller->credentials)
		return;
	hash_sha256(caller->subject.p != NULL ? caller->subject : STR("bearer"), digest);
	memcpy(out, digest, OWNER_SIZE);
}

static void
sign(const struct runtime *rt, const unsigned char *id, unsigned char mac[32])
{
	char text[16 + AT_MAC];

	memcpy(text, "mcp session id 1", 16);
	memcpy(text + 16, id, AT_MAC);
	hash_hmac_sha256((struct str){ (const char *)rt->secret, SECRET_SIZE }, (struct str){ text, sizeof(text) }, mac);
}

struct str
session_issue(
    const struct runtime *rt, const struct caller *caller, int version, unsigned caps, int64_t now, struct arena *a)
{
	unsigned char id[ID_SIZE], mac[32];
	uint32_t issued = (uint32_t)(now / USEC);

	id[0] = KIND;
	id[AT_VERSION] = (unsigned char)version;
	id[AT_CAPS] = (unsigned char)(caps >> 8);
	id[AT_CAPS + 1] = (unsigned char)caps;
	for (int i = 0; i < 4; i++)
		id[AT_ISSUED + i] = (unsigned char)(issued >> (24 - 8 * i));
	rng_bytes(id + AT_KEY, RANDOM_SIZE);
	owner(caller, id + AT_OWNER);
	sign(rt, id, mac);
	memcpy(id + AT_MAC, mac, MAC_SIZE);
	return hash_base64url(a, id, sizeof(id));
}

static bool
genuine(const struct cx *cx, const struct runtime *rt, const unsigned char *id)
{
	unsigned char mac[32], mine[OWNER_SIZE];

	sign(rt, id, mac);
	owner(&cx->caller, mine);
	return hash_equal(
		   (struct str){ (const char *)mac, MAC_SIZE }, (struct str){ (const char *)id + AT_MAC, MAC_SIZE }) &&
	    memcmp(mine, id + AT_OWNER, OWNER_SIZE) == 0 && id[0] == KIND && id[AT_VERSION] <= MCP_NEWEST_LEGACY;
}

/* Whether it is alive: 0 when it was ended. */
static int
look_up(struct cx *cx, struct mcp_session *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_SESSION_FIND);
	int rc, alive = 1;

	stmt_bind_blob(s, 1, out->key);
	if ((rc = stmt_step(cx, s)) > 0) {
		alive = stmt_null(s, 1);
		if (stmt_int(s, 2) > out->used_us)
			out->used_us = stmt_int(s, 2);
	}
	stmt_done(s);
	return rc < 0 ? -1 : alive;
}

int
session_open(struct cx *cx, const struct runtime *rt, struct str id, struct mcp_session *out)
{
	const unsigned char *p;
	uint32_t issued = 0;
	struct str raw;
	int rc;

	if (!hash_base64url_decode(cx->arena, id, &raw) || raw.n != ID_SIZE)
		return 0;
	p = (const unsigned char *)raw.p;
	if (!genuine(cx, rt, p))
		return 0;
	for (int i = 0; i < 4; i++)
		issued = issued << 8 | p[AT_ISSUED + i];
	*out = (struct mcp_session){ .key = str_sub(raw, AT_KEY, SESSION_KEY_SIZE),
		.version = p[AT_VERSION],
		.caps = (unsigned)p[AT_CAPS] << 8 | p[AT_CAPS + 1],
		.used_us = (int64_t)issued * USEC };
	if ((rc = look_up(cx, out)) <= 0)
		return rc;
	if (cx->now - out->used_us > cx->conf->session_ttl)
		return 0;
	out->stale = cx->now - out->used_us > cx->conf->session_ttl / 4;
	return 1;
}

int
session_touch(struct cx *cx, struct str key)
{
	struct stmt *s = stmt_get(cx->db, STMT_SESSION_TOUCH);

	stmt_bind_blob(s, 1, key);
	stmt_bind_int(s, 2, cx->now);
	return stmt_run(cx, s);
}

int
session_end(struct cx *cx, struct str key)
{
	struct stmt *s = stmt_get(cx->db, STMT_SESSION_END);

	stmt_bind_blob(s, 1, key);
	stmt_bind_int(s, 2, cx->now);
	if (stmt_run(cx, s) != 0)
		return -1;
	s = stmt_get(cx->db, STMT_SESSION_UNBIND);
	stmt_bind_blob(s, 1, key);
	return stmt_run(cx, s);
}

int
session_log_level(struct cx *cx, struct str key, struct str level)
{
	struct stmt *s = stmt_get(cx->db, STMT_SESSION_LOG_LEVEL);

	stmt_bind_blob(s, 1, key);
	stmt_bind_int(s, 2, cx->now);
	stmt_bind_str(s, 3, level);
	return stmt_run(cx, s);
}
