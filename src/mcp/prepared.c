/*
 * prepared - writes the answers to initialize, server/discover and the lists once for each
 * revision, so that a request only copies their bytes.
 */
#include "mcp/prepared.h"

#include <stdlib.h>

#include "base/log.h"
#include "conf/conf.h"
#include "resource/registry.h"
#include "resource/uri.h"
#include "tool/profile.h"
#include "tool/registry.h"
#include "tool/schema.h"

/* How long a client may keep a list: it changes with an upgrade only. */
#define LIST_TTL_MS 600000

static const char instructions[] =
    "Mail, contacts and file reservations for coding agents that share a project. Begin with macro_start_session (or "
    "ensure_project and register_agent) using the absolute path of the project as its key; then send_message, "
    "fetch_inbox, reply_message, acknowledge_message, and file_reservation_paths before you edit files. Tools also take format: \"toon\" (fewer tokens than JSON), lists "
    "fields: the members wanted of each row.";

void
prepared_server_info(struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "name", "mcp-agent-mail");
	jw_kcstr(w, "title", "Agent Mail");
	jw_kcstr(w, "version", AGENTMAIL_VERSION);
	jw_end(w);
}

/* Only what works: nobody is promised changes that no stream would bring. */
static void
put_capabilities(struct jw *w)
{
	static const char *const names[] = { "tools", "resources", "prompts", "logging" };

	jw_kobj(w, "capabilities");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		jw_kobj(w, names[i]);
		jw_end(w);
	}
	jw_end(w);
}

static void
put_initialize(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	(void)conf;
	jw_kcstr(w, "protocolVersion", mcp_revisions[v].name);
	put_capabilities(w);
	jw_key(w, "serverInfo");
	prepared_server_info(w);
	jw_kcstr(w, "instructions", instructions);
}

static void
put_discover(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	(void)v, (void)conf;
	jw_key(w, "supportedVersions");
	mcp_write_versions(w);
	put_capabilities(w);
	jw_kcstr(w, "instructions", instructions);
}

static void
put_tools(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	unsigned parts = mcp_revisions[v].schema | (conf->agent_auth == AGENT_AUTH_TOKEN ? SCHEMA_TOKENS : 0);

	jw_karr(w, "tools");
	for (size_t i = 0; tool_registry[i] != NULL; i++)
		if (profile_offers(conf, tool_registry[i]))
			schema_tool(tool_registry[i], parts, w);
	jw_end(w);
}

static void
put_resources(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	(void)v, (void)conf;
	jw_karr(w, "resources");
	for (size_t i = 0; resource_registry[i] != NULL; i++)
		if (!resource_is_template(resource_registry[i]))
			resource_list_entry(resource_registry[i], w);
	jw_end(w);
}

static void
put_templates(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	(void)v, (void)conf;
	jw_karr(w, "resourceTemplates");
	for (size_t i = 0; resource_registry[i] != NULL; i++)
		resource_template_entry(resource_registry[i], w);
	jw_end(w);
}

static void
put_prompts(struct jw *w, const struct conf *conf, enum mcp_version v)
{
	(void)v, (void)conf;
	jw_karr(w, "prompts");
	jw_end(w);
}

static void (*const writers[PREPARED_KINDS])(struct jw *, const struct conf *, enum mcp_version) = {
	[PREPARED_INITIALIZE] = put_initialize,
	[PREPARED_DISCOVER] = put_discover,
	[PREPARED_TOOLS] = put_tools,
	[PREPARED_RESOURCES] = put_resources,
	[PREPARED_TEMPLATES] = put_templates,
	[PREPARED_PROMPTS] = put_prompts,
};

static struct str
make(struct arena *a, const struct conf *conf, enum mcp_version v, enum prepared_what what)
{
	bool modern = mcp_revisions[v].modern;
	struct buf text;
	struct jw w;

	buf_init(&text, a);
	jw_init(&w, &text, JW_COMPACT);
	jw_obj(&w);
	if (modern)
		jw_kcstr(&w, "resultType", "complete");
	writers[what](&w, conf, v);
	if (modern) {
		jw_kint(&w, "ttlMs", LIST_TTL_MS);
		jw_kcstr(&w, "cacheScope", "public");
		jw_kobj(&w, "_meta");
		jw_key(&w, META_SERVER);
		prepared_server_info(&w);
		jw_end(&w);
	}
	jw_end(&w);
	return arena_printf(a, ",\"result\":%" PRIstr "}", FSTR(buf_flat(&text)));
}

struct prepared *
prepared_new(const struct conf *conf)
{
	struct prepared *p = calloc(1, sizeof(*p));

	if (p == NULL)
		log_fatal(71, "out of memory: prepared answers");
	arena_init(&p->arena, 65536);
	for (int v = 0; v < MCP_VERSIONS; v++)
		for (int what = 0; what < PREPARED_KINDS; what++)
			p->tail[v][what] = make(&p->arena, conf, v, what);
	return p;
}

void
prepared_free(struct prepared **p)
{
	if (*p == NULL)
		return;
	arena_fini(&(*p)->arena);
	free(*p);
	*p = NULL;
}
