/*
 * version - see version.h.
 */
#include "mcp/version.h"

#include "base/hash.h"
#include "net/http.h"
#include "tool/schema.h"

const struct mcp_revision mcp_revisions[MCP_VERSIONS] = {
	[MCP_2024_11_05] = { "2024-11-05", false, false, 0 },
	[MCP_2025_03_26] = { "2025-03-26", false, true, SCHEMA_ANNOTATIONS },
	[MCP_2025_06_18] = { "2025-06-18", false, false, SCHEMA_ANNOTATIONS | SCHEMA_OUTPUT },
	[MCP_2025_11_25] = { "2025-11-25", false, false, SCHEMA_ANNOTATIONS | SCHEMA_OUTPUT },
	[MCP_2026_07_28] = { "2026-07-28", true, false, SCHEMA_ANNOTATIONS | SCHEMA_OUTPUT },
};

static const struct mcp_fault fine = { 0, NULL, STR_NONE };

int
mcp_version(struct str name)
{
	int i;

	for (i = 0; i < MCP_VERSIONS; i++)
		if (str_eqc(name, mcp_revisions[i].name))
			return i;
	return -1;
}

void
mcp_write_versions(struct jw *w)
{
	int i;

	jw_arr(w);
	for (i = MCP_VERSIONS - 1; i >= 0; i--)
		jw_c(w, mcp_revisions[i].name);
	jw_end(w);
}

bool
mcp_log_level(struct str name)
{
	static const char *const levels[] = { "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency" };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (str_eqc(name, levels[i]))
			return true;
	return false;
}

static struct jr
meta(const struct rpc_message *m)
{
	return jr_get(m->params, "_meta");
}

bool
mcp_is_modern(const struct rpc_message *m, struct str header)
{
	int named = mcp_version(header);

	if (jr_get(meta(m), META_VERSION).type != JR_ABSENT)
		return true;
	return named >= 0 && mcp_revisions[named].modern;
}

static struct mcp_fault
unsupported(struct str version, struct arena *a)
{
	struct buf data;
	struct jw w;

	buf_init(&data, a);
	jw_init(&w, &data, JW_COMPACT);
	jw_obj(&w);
	jw_key(&w, "supported");
	mcp_write_versions(&w);
	jw_kstr(&w, "requested", version);
	jw_end(&w);
	return (struct mcp_fault){ RPC_UNSUPPORTED_VERSION, "Unsupported protocol version", buf_flat(&data) };
}

struct mcp_fault
mcp_check_meta(const struct rpc_message *m, const struct request *rq)
{
	struct jr version = jr_get(meta(m), META_VERSION), level = jr_get(meta(m), META_LOG_LEVEL);
	struct str header = request_header(rq, "MCP-Protocol-Version");
	int known;

	if (meta(m).type != JR_OBJ)
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta is missing: an object with "
		    META_VERSION " and " META_CAPABILITIES " was expected", STR_NONE };
	if (version.type != JR_STR)
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta lacks " META_VERSION " (a string)", STR_NONE };
	if (jr_get(meta(m), META_CAPABILITIES).type != JR_OBJ)
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta lacks " META_CAPABILITIES " (an object)", STR_NONE };
	if (header.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header MCP-Protocol-Version is missing", STR_NONE };
	if (!str_eq(header, jr_str(version)))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH,
		    "The header MCP-Protocol-Version differs from params._meta", STR_NONE };
	known = mcp_version(header);
	if (known < 0 || !mcp_revisions[known].modern)
		return unsupported(jr_str(version), rq->arena);
	if (level.type != JR_ABSENT && !mcp_log_level(jr_str(level)))
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta: " META_LOG_LEVEL " is no log level", STR_NONE };
	return fine;
}

struct mcp_fault
mcp_check_method(const struct rpc_message *m, const struct request *rq)
{
	struct str header = request_header(rq, "Mcp-Method");

	if (header.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Method is missing", STR_NONE };
	if (!str_eq(header, m->method))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Method differs from the method", STR_NONE };
	return fine;
}

/* Standard base64 with its padding, strictly. */
static bool
base64_decode(struct arena *a, struct str s, struct str *out)
{
	char *url = arena_get(a, s.n + 1);
	size_t i, pad = 0;

	if (s.n % 4 != 0)
		return false;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '-' || s.p[i] == '_' || (pad > 0 && s.p[i] != '='))
			return false;
		pad += s.p[i] == '=';
		url[i] = s.p[i] == '+' ? '-' : s.p[i] == '/' ? '_' : s.p[i];
	}
	if (pad > 2)
		return false;
	return hash_base64url_decode(a, (struct str){ url, s.n - pad }, out) && str_utf8_ok(*out);
}

struct mcp_fault
mcp_check_name(const struct rpc_message *m, const struct request *rq, const char *member)
{
	struct str header = request_header(rq, "Mcp-Name"), wanted = jr_str(jr_get(m->params, member));
	static const struct str head = LIT("=?base64?"), tail = LIT("?=");

	if (wanted.p == NULL)
		return fine;
	if (header.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name is missing", STR_NONE };
	if (str_starts(header, head) && str_ends(header, tail) && header.n >= head.n + tail.n &&
	    !base64_decode(rq->arena, str_sub(header, head.n, header.n - head.n - tail.n), &header))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name is no valid base64", STR_NONE };
	if (!str_eq(header, wanted))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name differs from the body", STR_NONE };
	return fine;
}
