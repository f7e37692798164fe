/*
 * sockets - which socket belongs to which slot; the system calls are in listener.c.
 */
#include "master/sockets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "master/listener.h"

struct sockets {
	struct listener listener[ADDR_MAX];
	int n;
	int workers;
	bool activated; /* from the service manager: `listen` is not looked at */
	int *retired;   /* descriptors that only the old configuration had */
	int nretired;
	/* Views for the children, -1 terminated; made anew by sockets_views. */
	int *own[LISTENER_FDS + 1]; /* [i]: worker i's own; [workers]: the retired ones */
	int *start[LISTENER_FDS];   /* [i]: worker i's own and the shared ones */
	struct arena arena;
};

static struct sockets *
sockets_alloc(int workers)
{
	struct sockets *s = calloc(1, sizeof(*s));

	must(s != NULL && workers > 0 && workers <= LISTENER_FDS);
	arena_init(&s->arena, 1024);
	s->workers = workers;
	return s;
}

static void
sockets_free(struct sockets **s)
{
	arena_fini(&(*s)->arena);
	free(*s);
	*s = NULL;
}

static void
make_views(struct sockets *s)
{
	for (int w = 0; w < s->workers; w++) {
		int own = 0, all = 0;

		s->own[w] = arena_array(&s->arena, int, (size_t)s->n + 1);
		s->start[w] = arena_array(&s->arena, int, (size_t)s->n + 1);
		for (int i = 0; i < s->n; i++) {
			const struct listener *l = &s->listener[i];

			s->start[w][all++] = l->fd[l->shared ? 0 : w];
			if (!l->shared)
				s->own[w][own++] = l->fd[w];
		}
		s->own[w][own] = s->start[w][all] = -1;
	}
	s->own[s->workers] = s->retired;
}

static const struct listener *
find(const struct sockets *s, const struct addr *addr)
{
	for (int i = 0; s != NULL && i < s->n; i++)
		if (addr_equal(&s->listener[i].addr, addr))
			return &s->listener[i];
	return NULL;
}

static int
take_addresses(struct sockets *s, const struct sockets *old, const struct conf *c, struct arena *a, struct str *why)
{
	struct addr addr[ADDR_MAX];
	int n;

	if (old != NULL && old->activated) {
		s->activated = true;
		for (int i = 0; i < old->n; i++)
			addr[i] = old->listener[i].addr;
		n = old->n;
		for (int i = 0; i < n && c->http_bearer_token.n == 0; i++)
			if (!addr_is_local(&addr[i])) {
				*why = arena_printf(a,
				    "http_bearer_token is not set, and the service manager listens on %s, which "
				    "the network can reach",
				    addr[i].text);
				return -1;
			}
	} else {
		n = addr_all(c, addr, a, why);
	}
	for (int i = 0; i < n; i++)
		s->listener[i].addr = addr[i];
	s->n = n < 0 ? 0 : n;
	return n < 0 ? -1 : 0;
}

/* collect_retired - what `old` has and `s` has not. */
static void
collect_retired(struct sockets *s, const struct sockets *old)
{
	size_t room = 1;

	for (int i = 0; old != NULL && i < old->n; i++)
		room += (size_t)old->listener[i].n;
	s->retired = arena_array(&s->arena, int, room);
	for (int i = 0; old != NULL && i < old->n; i++) {
		const struct listener *was = &old->listener[i], *is = find(s, &was->addr);

		for (int k = is == NULL ? 0 : is->kept; k < was->n; k++)
			s->retired[s->nretired++] = was->fd[k];
	}
	s->retired[s->nretired] = -1;
}

struct sockets *
sockets_new(const struct sockets *old, const struct conf *c, const struct account *acc, struct arena *a, struct str *why)
{
	struct sockets *s = sockets_alloc(conf_workers(c));
	int mode;

	if (addr_unix_mode(c->unix_mode, &mode, a, why) != 0 || take_addresses(s, old, c, a, why) != 0) {
		s->n = 0;
		sockets_abandon(&s);
		return NULL;
	}
	for (int i = 0; i < s->n; i++)
		if (listener_open(&s->listener[i], find(old, &s->listener[i].addr), s->workers, (int)c->backlog, mode,
			acc, a, why) != 0) {
			s->n = i + 1;
			sockets_abandon(&s);
			return NULL;
		}
	collect_retired(s, old);
	make_views(s);
	return s;
}

void
sockets_commit(struct sockets *s, struct sockets **old)
{
	for (int i = 0; i < s->n; i++) {
		const struct listener *was = find(*old, &s->listener[i].addr);

		if (was != NULL && !was->shared && was->n != s->listener[i].n)
			listener_steer(&s->listener[i], was->n > s->listener[i].n);
		s->listener[i].kept = s->listener[i].n;
	}
	if (*old != NULL) {
		for (int i = 0; i < (*old)->n; i++)
			if (find(s, &(*old)->listener[i].addr) == NULL) {
				log_info("no longer listening on %s", (*old)->listener[i].addr.text);
				listener_unlink(&(*old)->listener[i]);
			}
		sockets_free(old);
	}
}

void
sockets_abandon(struct sockets **s)
{
	for (int i = 0; i < (*s)->n; i++)
		listener_close(&(*s)->listener[i], (*s)->listener[i].kept);
	sockets_free(s);
}

void
sockets_close(struct sockets **s, bool remove)
{
	if (*s == NULL)
		return;
	for (int i = 0; i < (*s)->n; i++) {
		if (remove && !(*s)->activated)
			listener_unlink(&(*s)->listener[i]);
		listener_close(&(*s)->listener[i], 0);
	}
	for (int i = 0; i < (*s)->nretired; i++)
		close((*s)->retired[i]);
	sockets_free(s);
}

const int *
sockets_of_worker(const struct sockets *s, int index)
{
	must(index >= 0 && index < s->workers);
	return s->start[index];
}

const int *const *
sockets_table(const struct sockets *s, int *n)
{
	*n = s->workers + 1;
	return (const int *const *)s->own;
}

int
sockets_retired(const struct sockets *s)
{
	return s->nretired > 0 ? s->workers : -1;
}

bool
sockets_retired_idle(const struct sockets *s)
{
	for (int i = 0; i < s->nretired; i++)
		if (listener_waiting(s->retired[i]) > 0)
			return false;
	return true;
}

void
sockets_drop_retired(struct sockets *s)
{
	for (int i = 0; i < s->nretired; i++)
		listener_end(s->retired[i]);
	s->nretired = 0;
	if (s->retired != NULL)
		s->retired[0] = -1;
}

void
sockets_each(const struct sockets *s, void (*fn)(int fd, void *arg), void *arg)
{
	for (int i = 0; i < s->n; i++)
		for (int k = 0; k < s->listener[i].n; k++)
			fn(s->listener[i].fd[k], arg);
	for (int i = 0; i < s->nretired; i++)
		fn(s->retired[i], arg);
}

int
sockets_waiting(const struct sockets *s)
{
	int n = 0;

	for (int i = 0; i < s->n; i++)
		for (int k = 0; k < s->listener[i].n; k++)
			n += listener_waiting(s->listener[i].fd[k]);
	return n;
}

struct str
sockets_text(const struct sockets *s, struct arena *a)
{
	struct buf b;

	buf_init(&b, a);
	for (int i = 0; i < s->n; i++)
		buf_printf(&b, "%s%s", i > 0 ? " " : "", s->listener[i].addr.text);
	return buf_flat(&b);
}

/* sockets_export - "1 127.0.0.1:80=5,6 ..." : whether activated, then addresses with their descriptors. */
struct str
sockets_export(const struct sockets *s, struct arena *a)
{
	struct buf b;

	buf_init(&b, a);
	buf_int(&b, s->activated);
	for (int i = 0; i < s->n; i++) {
		buf_printf(&b, " %s=", s->listener[i].addr.text);
		for (int k = 0; k < s->listener[i].n; k++)
			buf_printf(&b, "%s%d", k > 0 ? "," : "", s->listener[i].fd[k]);
	}
	return buf_flat(&b);
}

static int
import_one(struct sockets *s, struct str field)
{
	struct listener *l = &s->listener[s->n];
	ptrdiff_t eq = -1;
	struct str fds, one;
	int64_t fd;

	for (size_t i = 0; i < field.n; i++)
		if (field.p[i] == '=')
			eq = (ptrdiff_t)i;
	if (eq < 0 || s->n == ADDR_MAX)
		return -1;
	fds = str_sub(field, (size_t)eq + 1, field.n);
	while (str_next(&fds, ',', &one)) {
		if (l->n == LISTENER_FDS || !str_int(one, &fd) || listener_adopt(l, (int)fd) != 0)
			return -1;
	}
	s->n++;
	return 0;
}

struct sockets *
sockets_import(struct str text, struct arena *a, struct str *why)
{
	struct sockets *s = sockets_alloc(1);
	struct str field;

	s->activated = str_starts(text, STR("1"));
	str_next(&text, ' ', &field);
	while (str_next(&text, ' ', &field))
		if (import_one(s, field) != 0) {
			*why = arena_printf(
			    a, "the old master handed over \"%" PRIstr "\", which is no listening socket", FSTR(field));
			s->n = 0;
			sockets_abandon(&s);
			return NULL;
		}
	return s;
}

struct sockets *
sockets_activated(struct arena *a, struct str *why)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	struct sockets *s;
	int n;

	if (pid == NULL || count == NULL || strtol(pid, NULL, 10) != (long)getpid())
		return NULL;
	n = (int)strtol(count, NULL, 10);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (n <= 0)
		return NULL;
	s = sockets_alloc(1);
	s->activated = true;
	for (int i = 0; i < n; i++) {
		if (s->n == ADDR_MAX || listener_adopt(&s->listener[s->n], 3 + i) != 0) {
			*why = arena_printf(
			    a, "the service manager passed descriptor %d, which is no listening socket", 3 + i);
			s->n = 0;
			sockets_abandon(&s);
			return NULL;
		}
		s->listener[s->n++].shared = true;
	}
	return s;
}
