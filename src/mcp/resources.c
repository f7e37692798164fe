/*
 * resources - resources/read. Failures are JSON-RPC errors whose text holds
 * the reference's phrases and whose data tells the type (decision 3.26).
 */
#include "resource/uri.h"
#include "mcp/mcp.h"
#include "mcp/method.h"
#include "mcp/receive.h"
#include "job/operation_job.h"
#include "job/runtime.h"

struct read_job {
	struct mcp_call *mcp;
	struct resource_match match;
};

/* {"uri":...} and, where there is one, the failure. */
static struct str
error_data(struct mcp_call *mcp, struct str shown, struct fail *failure)
{
	struct buf data;
	struct jw w;

	buf_init(&data, mcp->in->arena);
	jw_init(&w, &data, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "uri", shown);
	if (failure != NULL) {
		jw_key(&w, "error");
		fail_write(failure, &w);
	}
	jw_end(&w);
	return buf_flat(&data);
}

static int
error_code(const struct mcp_call *mcp, const struct fail *failure)
{
	if (failure != NULL && err_http(failure->code) >= 500)
		return RPC_INTERNAL_ERROR;
	return mcp_revisions[mcp->in->peer->version].modern ? RPC_INVALID_PARAMS : RPC_RESOURCE_NOT_FOUND;
}

static void
failed(struct read_job *r, struct fail *failure)
{
	struct arena *a = r->mcp->in->arena;
	struct str shown = resource_uri_shown(a, r->match.uri);

	mcp_fail(r->mcp, error_code(r->mcp, failure),
	    arena_printf(a, "Error reading resource %s'%" PRIstr "': %" PRIstr,
		resource_is_template(r->match.row) ? "from template " : "", FSTR(shown), FSTR(failure->msg)),
	    error_data(r->mcp, shown, failure));
}

/* The envelope of TOON is one JSON value too. */
static struct buf
in_format(const struct operation_call *c)
{
	struct buf text, out;
	struct jw w;

	if (c->format.format != FORMAT_TOON)
		return c->value;
	text = format_toon(&c->value);
	buf_init(&out, c->cx->arena);
	jw_init(&w, &out, JW_COMPACT);
	format_envelope(&text, c->format.asked, &w);
	return out;
}

static void
answer(struct read_job *r, const struct operation_call *c)
{
	struct jw *w = mcp_begin(r->mcp);
	struct buf text = in_format(c);

	jw_karr(w, "contents");
	jw_obj(w);
	jw_kstr(w, "uri", r->match.uri);
	jw_kcstr(w, "mimeType", "application/json");
	jw_key(w, "text");
	jw_quoted_buf(w, &text);
	jw_end(w);
	jw_end(w);
	if (mcp_revisions[r->mcp->in->peer->version].modern) {
		jw_kint(w, "ttlMs", 0);
		jw_kcstr(w, "cacheScope", "private");
	}
	mcp_end(r->mcp, NULL, NULL);
}

static void
done(struct operation_job *oj, int rc)
{
	struct read_job *r = oj->arg;

	if (rc == 0)
		answer(r, &oj->call);
	else if (oj->job->cx.fail.code == ERR_CANCELLED)
		mcp_cancelled(r->mcp);
	else
		failed(r, &oj->job->cx.fail);
}

void
mcp_resources_read(struct mcp_call *mcp)
{
	struct str uri = jr_str(jr_get(mcp->msg.params, "uri")), shown;
	struct mcp_inbound *in = mcp->in;
	struct arena *a = in->arena;
	struct operation_job *oj;
	struct read_job *r;

	if (!resource_uri_ok(uri)) {
		mcp_bad_params(mcp, "resources/read needs params.uri (a URI such as resource://projects)");
		return;
	}
	r = arena_new(a, struct read_job);
	r->mcp = mcp;
	if (!resource_match(a, uri, &r->match)) {
		shown = resource_uri_shown(a, uri);
		mcp_fail(mcp, error_code(mcp, NULL), arena_printf(a, "Unknown resource: '%" PRIstr "'", FSTR(shown)),
		    error_data(mcp, shown, NULL));
		return;
	}
	in->label = r->match.row->op.name;
	oj = operation_job_new(in->peer->mcp->rt, a, in->start_us, &in->peer->caller, &r->match.row->op);
	oj->done = done;
	oj->arg = r;
	mcp->job = oj->job;
	operation_start(oj,
	    &(struct operation_input){ .dialect = DIALECT_TEXT, .pairs = r->match.pairs, .npairs = r->match.npairs });
}
