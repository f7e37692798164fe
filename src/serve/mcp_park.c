/*
 * mcp_park - POSTs that wait for an event without their exchange: what they said is kept as bytes, and said once more in
 * a new exchange when something happens. It must never keep a pointer into what goes back.
 */
#include "serve/mcp_post.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "job/job.h"
#include "job/runtime.h"
#include "mcp/mcp.h"
#include "net/http/deferred.h"

/* Texts that are kept, in this order behind struct saved. */
enum { SUBJECT, PANE, WINDOW, SESSION, VERSION, METHOD, NAME, BODY, TEXTS };

struct saved {
	bool trusted, credentials, in_session, name_broken;
	enum mcp_version version;
	struct mcp_session session; /* but for its key */
	size_t n[TEXTS];            /* bytes of each text; ABSENT for one that is not there */
};

#define ABSENT ((size_t)-1)

/* One that is put away. */
struct away {
	struct deferred *deferred;
	struct parked *parked;
	struct cancel_entry cancel;
};

/* Why and how one goes on. */
struct waking {
	struct parked *parked;
	struct mcp_again again;
};

static void
texts_of(const struct mcp_post *post, struct str out[TEXTS])
{
	const struct caller *c = &post->peer.caller;

	out[SUBJECT] = c->subject;
	out[PANE] = c->pane;
	out[WINDOW] = c->window;
	out[SESSION] = post->peer.in_session ? post->peer.session.key : STR_NONE;
	out[VERSION] = post->mirror.version;
	out[METHOD] = post->mirror.method;
	out[NAME] = post->mirror.name;
	out[BODY] = post->rq->body;
}

static struct mcp_post *
post_of(const struct job *job)
{
	return mcp_post_of(((struct mcp_inbound *)job->owner)->peer);
}

static bool
save(const struct job *job, struct buf *out)
{
	struct mcp_post *post = post_of(job);
	struct str texts[TEXTS];
	struct saved s;

	if (post->listens)
		request_gone_cancel(&post->gone);
	if (post->in.touching || !request_deferrable(post->rq)) {
		if (post->listens)
			mcp_post_listen(post);
		return false;
	}
	post->listens = false;
	memset(&s, 0, sizeof(s));
	s.trusted = post->peer.caller.trusted;
	s.credentials = post->peer.caller.credentials;
	s.in_session = post->peer.in_session;
	s.name_broken = post->mirror.name_broken;
	s.version = post->peer.version;
	s.session = post->peer.session;
	texts_of(post, texts);
	for (int i = 0; i < TEXTS; i++)
		s.n[i] = texts[i].p != NULL ? texts[i].n : ABSENT;
	buf_put(out, &s, sizeof(s));
	for (int i = 0; i < TEXTS; i++)
		buf_str(out, texts[i]);
	return true;
}

/* From what save wrote, in the arena of the new request. */
static void
restore(struct mcp_post *post, struct runtime *rt, struct request *rq, const struct parked *p)
{
	const char *at = arena_dup(rq->arena, (struct str){ p->saved, p->n }).p + sizeof(struct saved);
	struct str texts[TEXTS];
	struct caller caller;
	struct saved s;

	memcpy(&s, p->saved, sizeof(s));
	for (int i = 0; i < TEXTS; i++) {
		texts[i] = s.n[i] == ABSENT ? STR_NONE : (struct str){ at, s.n[i] };
		at += texts[i].n;
	}
	caller = (struct caller){ .trusted = s.trusted,
		.credentials = s.credentials,
		.session = texts[SESSION],
		.subject = texts[SUBJECT],
		.pane = texts[PANE],
		.window = texts[WINDOW] };
	mcp_peer_init(&post->peer, rt->mcp, &mcp_post_ops, &caller);
	post->peer.version = s.version;
	post->peer.in_session = s.in_session;
	post->peer.session = s.session;
	post->peer.session.key = post->peer.scope = texts[SESSION];
	post->mirror = (struct mcp_mirror){ .required = true,
		.version = texts[VERSION],
		.method = texts[METHOD],
		.name = texts[NAME],
		.name_broken = s.name_broken };
	post->rt = rt;
	post->rq = rq;
	rq->label = "mcp";
	rq->body = texts[BODY];
}

static void
go_on(void *arg, struct request *rq)
{
	struct waking *w = arg;
	struct mcp_post *post = arena_new(rq->arena, struct mcp_post);

	restore(post, w->parked->rt, rq, w->parked);
	post->again = w->again;
	mcp_receive_again(&post->peer, &post->in, rq->arena, rq->start_us, rq->body, &post->mirror, &post->again);
	mcp_post_listen(post);
}

static void
wake(struct away *away, bool over, bool cancelled)
{
	struct waking w = { .parked = away->parked,
		.again = { .until = away->parked->until, .over = over, .cancelled = cancelled } };
	struct deferred *d = away->deferred;

	cancel_forget(&away->cancel);
	free(away);
	deferred_resume(d, go_on, &w);
	parked_free(w.parked);
}

static void
resume(struct parked *p, bool over)
{
	wake(p->handle, over, false);
}

static bool
cancelled(struct cancel_entry *e)
{
	struct away *away = (struct away *)(void *)((char *)e - offsetof(struct away, cancel));

	parked_take(away->parked);
	wake(away, true, true);
	return true;
}

static void
client_gone(void *arg)
{
	struct away *away = arg;

	parked_drop(away->parked);
	cancel_forget(&away->cancel);
	free(away);
}

static void
parked(struct job *job, struct parked *p)
{
	struct mcp_post *post = post_of(job);
	struct mcp_call *call = post->in.calls;
	struct away *away = calloc(1, sizeof(*away));

	if (away == NULL)
		log_fatal(71, "out of memory: a request that waits");
	cancel_forget(&call->cancel);
	post->in.put_away = post->answered = true;
	p->handle = away;
	away->parked = p;
	away->cancel.fn = cancelled;
	if ((away->cancel.key = cancel_key_of(call)) != 0)
		cancel_watch(post->rt->mcp, &away->cancel);
	away->deferred = request_defer(post->rq, client_gone, away);
}

const struct parker mcp_post_parker = { save, parked, resume };
