/*
 * announce - fingerprints of the prepared lists, and the write that notes them. Called once by each worker; it must
 * not hold up its start.
 */
#include "mcp/announce.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "job/runtime.h"
#include "mcp/mcp.h"
#include "mcp/prepared.h"
#include "store/changes.h"
#include "store/stmt.h"
#include "store/txn.h"

static const struct list {
	enum registry registry;
	struct str key; /* in keeper_state */
	enum prepared_what what[2];
} lists[] = {
	{ REGISTRY_TOOLS, LIT("registry_tools"), { PREPARED_TOOLS, PREPARED_TOOLS } },
	{ REGISTRY_RESOURCES, LIT("registry_resources"), { PREPARED_RESOURCES, PREPARED_TEMPLATES } },
	{ REGISTRY_PROMPTS, LIT("registry_prompts"), { PREPARED_PROMPTS, PREPARED_PROMPTS } },
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* The write that is queued; freed when it is done. */
struct announcement {
	struct arena arena;
	struct cx cx;
	struct op op;
	struct runtime *rt;
	int64_t print[LISTS];
};

/* Of what all revisions are told. */
static int64_t
fingerprint(const struct prepared *p, const struct list *l)
{
	uint64_t h = 0;

	for (int v = 0; v < MCP_VERSIONS; v++)
		for (int i = 0; i < 2; i++)
			h = h * 31 + hash_fast(p->tail[v][l->what[i]]);
	return (int64_t)(h >> 1);
}

/* What was announced last: 1 found, 0 never, -1 failed. */
static int
known(struct cx *cx, const struct list *l, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_REGISTRY_GET);

	stmt_bind_str(s, 1, l->key);
	return stmt_run_int(cx, s, out);
}

/* Looked at again under the write lock: another worker may have been first. Nobody can have followed what was never announced. */
static int
note(struct cx *cx, const struct list *l, int64_t print)
{
	int64_t before = 0;
	struct stmt *s;
	int rc = known(cx, l, &before);

	if (rc < 0 || (rc > 0 && before == print))
		return rc < 0 ? -1 : 0;
	s = stmt_get(cx->db, STMT_REGISTRY_SET);
	stmt_bind_str(s, 1, l->key);
	stmt_bind_int(s, 2, print);
	if (stmt_run(cx, s) < 0)
		return -1;
	return rc > 0 ? cx_changed(cx, TOPIC_OF(REGISTRY, l->registry), CHANGE_UPDATED, print) : 0;
}

static int
run(struct op *op)
{
	struct announcement *a = op->arg;

	for (size_t i = 0; i < LISTS; i++)
		if (note(&a->cx, &lists[i], a->print[i]) < 0)
			return -1;
	return 0;
}

static void
forget(struct announcement *a)
{
	arena_fini(&a->arena);
	free(a);
}

static void
done(struct op *op, int rc)
{
	struct announcement *a = op->arg;

	if (rc == 0) {
		changes_publish(&a->cx, a->rt->slot_no);
		a->rt->published = true;
	} else
		log_warn("lists of tools, resources and prompts: %" PRIstr, FSTR(a->cx.fail.msg));
	forget(a);
}

static bool
differs(struct announcement *a)
{
	int64_t before = 0;

	a->cx.db = a->rt->ro;
	for (size_t i = 0; i < LISTS; i++)
		if (known(&a->cx, &lists[i], &before) != 1 || before != a->print[i])
			return true;
	return false;
}

void
announce(struct runtime *rt)
{
	struct announcement *a = calloc(1, sizeof(*a));

	if (a == NULL)
		log_fatal(71, "out of memory");
	a->rt = rt;
	arena_init(&a->arena, 1024);
	cx_init(&a->cx, &a->arena, rt->conf);
	a->cx.shm = rt->shm;
	a->cx.now = clock_wall_us();
	a->op = (struct op){ .cx = &a->cx, .run = run, .done = done, .arg = a };
	for (size_t i = 0; i < LISTS; i++)
		a->print[i] = fingerprint(rt->mcp->prepared, &lists[i]);
	if (differs(a))
		txn_submit(rt->txn, &a->op);
	else
		forget(a);
}
