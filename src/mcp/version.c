/*
 * version - the table of revisions, and what a modern request must say in its headers and in
 * _meta.
 */
#include "mcp/version.h"

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
	for (int i = 0; i < MCP_VERSIONS; i++)
		if (str_eqc(name, mcp_revisions[i].name))
			return i;
	return -1;
}

void
mcp_write_versions(struct jw *w)
{
	jw_arr(w);
	for (int i = MCP_VERSIONS - 1; i >= 0; i--)
		jw_cstr(w, mcp_revisions[i].name);
	jw_end(w);
}

bool
mcp_log_level(struct str name)
{
	static const char *const levels[] = { "debug", "info", "notice", "warning", "error", "critical", "alert",
		"emergency" };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
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
mcp_is_modern(const struct rpc_message *m, struct str version)
{
	int named = mcp_version(version);

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

/* What the transport says of the version, against the body. */
static struct mcp_fault
check_version(struct str said, const struct mcp_mirror *mirror)
{
	if (!mirror->required)
		return fine;
	if (mirror->version.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header MCP-Protocol-Version is missing", STR_NONE };
	if (!str_eq(mirror->version, said))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH,
			"The header MCP-Protocol-Version differs from params._meta", STR_NONE };
	return fine;
}

struct mcp_fault
mcp_check_meta(const struct rpc_message *m, const struct mcp_mirror *mirror, struct arena *a)
{
	struct jr version = jr_get(meta(m), META_VERSION), level = jr_get(meta(m), META_LOG_LEVEL);
	struct mcp_fault fault;
	int known;

	if (meta(m).type != JR_OBJ)
		return (struct mcp_fault){ RPC_INVALID_PARAMS,
			"params._meta is missing: an object with " META_VERSION " and " META_CAPABILITIES
			" was expected",
			STR_NONE };
	if (version.type != JR_STR)
		return (
		    struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta lacks " META_VERSION " (a string)", STR_NONE };
	if (jr_get(meta(m), META_CAPABILITIES).type != JR_OBJ)
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta lacks " META_CAPABILITIES " (an object)",
			STR_NONE };
	if ((fault = check_version(jr_str(version), mirror)).code != 0)
		return fault;
	known = mcp_version(jr_str(version));
	if (known < 0 || !mcp_revisions[known].modern)
		return unsupported(jr_str(version), a);
	if (level.type != JR_ABSENT && !mcp_log_level(jr_str(level)))
		return (struct mcp_fault){ RPC_INVALID_PARAMS, "params._meta: " META_LOG_LEVEL " is no log level",
			STR_NONE };
	return fine;
}

struct mcp_fault
mcp_check_method(const struct rpc_message *m, const struct mcp_mirror *mirror)
{
	if (!mirror->required)
		return fine;
	if (mirror->method.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Method is missing", STR_NONE };
	if (!str_eq(mirror->method, m->method))
		return (
		    struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Method differs from the method", STR_NONE };
	return fine;
}

struct mcp_fault
mcp_check_name(const struct rpc_message *m, const struct mcp_mirror *mirror, const char *member)
{
	struct str wanted = jr_str(jr_get(m->params, member));

	if (!mirror->required || wanted.p == NULL)
		return fine;
	if (mirror->name_broken)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name is no valid base64", STR_NONE };
	if (mirror->name.p == NULL)
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name is missing", STR_NONE };
	if (!str_eq(mirror->name, wanted))
		return (struct mcp_fault){ RPC_HEADER_MISMATCH, "The header Mcp-Name differs from the body", STR_NONE };
	return fine;
}
