/*
 * chatter - see chatter.h. A process that serves one connection after the other.
 */
#include "support/chatter.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "conf/conf.h"
#include "support/canned.h"
#include "support/toolcall.h"

#define ROOM CANNED_ROOM

static void
put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k <= 0)
			return;
		p += k;
		n -= (size_t)k;
	}
}

static void
puts_to(int fd, const char *text)
{
	put(fd, text, strlen(text));
}

static void
note(const struct chatter *c, const struct heard *h)
{
	const char *key = strcasestr(h->text, "authorization:");
	FILE *f = fopen(c->heard.p, "ae");

	if (f == NULL)
		_exit(1);
	fprintf(f, "%.*s|%.*s|%s\n", (int)strcspn(h->text, "\r"), h->text, key ? (int)strcspn(key, "\r") : 4,
	    key ? key : "none", h->text + h->head);
	fclose(f);
}

static void
reply(int fd, const struct chatter *c, bool parts)
{
	static char text[ROOM];
	int in = open(c->said.p, O_RDONLY | O_CLOEXEC);
	ssize_t n = in >= 0 ? read(in, text, sizeof(text)) : 0;
	struct arena a;
	struct buf b;
	struct str s;
	struct jw w;

	if (in >= 0)
		close(in);
	arena_init(&a, 4096);
	buf_init(&b, &a);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_karr(&w, "choices");
	jw_obj(&w);
	jw_kobj(&w, "message");
	jw_kcstr(&w, "role", "assistant");
	jw_key(&w, "content");
	s = (struct str){ text, n > 0 ? (size_t)n : 0 };
	if (parts) {
		jw_arr(&w);
		for (int i = 0; i < 2; i++) {
			jw_obj(&w);
			jw_kcstr(&w, "type", "text");
			jw_kstr(&w, "text", i == 0 ? str_sub(s, 0, 5) : str_sub(s, 5, s.n));
			jw_end(&w);
		}
		jw_end(&w);
	} else
		jw_str(&w, s);
	while (w.depth > 0)
		jw_end(&w);
	s = buf_flat(&b);
	puts_to(fd, arena_printf(&a, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", s.n).p);
	put(fd, s.p, s.n);
	arena_fini(&a);
}

static void
flood(int fd, int every_ms)
{
	static const char text[65536] = { [0 ... 65535] = ' ' };
	struct pollfd gone = { .fd = fd, .events = POLLRDHUP };

	puts_to(fd, "HTTP/1.1 200 OK\r\n\r\n");
	for (int i = 0; i < 600 && poll(&gone, 1, every_ms) == 0; i++)
		put(fd, text, every_ms > 0 ? 1 : sizeof(text));
}

static void
serve(int fd, const struct chatter *c, const struct heard *h)
{
	const char *body = h->text + h->head, *model = strstr(body, "\"model\":\"");
	char word[32] = "";

	if (model != NULL)
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(model + 9, "\""), model + 9);
	if (strcmp(word, "500") == 0)
		puts_to(fd, "HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\nsorry\n");
	else if (strcmp(word, "redirect") == 0 && strncmp(h->text, "POST /elsewhere", 15) != 0)
		puts_to(fd, "HTTP/1.1 302 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
	else if (strcmp(word, "garbage") == 0)
		puts_to(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html>...");
	else if (strcmp(word, "truncated") == 0)
		puts_to(fd, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"choices\":[");
	else if (strcmp(word, "huge") == 0 || strcmp(word, "drip") == 0)
		flood(fd, word[0] == 'd' ? 100 : 0);
	else if (strcmp(word, "slow") == 0)
		poll(&(struct pollfd){ .fd = fd, .events = POLLRDHUP }, 1, 60000);
	else if (strcmp(word, "mute") != 0)
		reply(fd, c, strcmp(word, "parts") == 0);
}

static void
live(int listener, const struct chatter *c)
{
	static struct heard h;

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(1);
		if (heard_read(fd, &h)) {
			note(c, &h);
			serve(fd, c, &h);
		}
		close(fd);
	}
}

void
chatter_start(struct chatter *c, struct fixture *f)
{
	int port, fd = listen_on_loopback(&port);

	*c = (struct chatter){ .port = port,
		.heard = arena_printf(&f->arena, "%" PRIstr "/heard", FSTR(f->dir)),
		.said = arena_printf(&f->arena, "%" PRIstr "/said", FSTR(f->dir)) };
	f->conf->llm_enabled = true;
	f->conf->llm_base_url = arena_printf(&f->arena, "http://127.0.0.1:%d/v1/", c->port);
	f->conf->llm_api_key = STR("sesame");
	f->conf->llm_default_model = STR("talks");
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	c->pid = fork();
	ck_assert_int_ge(c->pid, 0);
	if (c->pid == 0)
		live(fd, c);
	close(fd);
}

void
chatter_stop(struct chatter *c)
{
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
}

void
chatter_says(struct chatter *c, struct fixture *f, const char *text)
{
	FILE *out = fopen(c->said.p, "we");

	ck_assert_ptr_nonnull(out);
	fputs(toolcall_quotes(f, text), out);
	ck_assert_int_eq(fclose(out), 0);
}

struct str
chatter_heard(struct chatter *c, struct fixture *f)
{
	char *text = arena_get(&f->arena, ROOM);
	int fd = open(c->heard.p, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, ROOM) : 0;

	if (fd >= 0)
		close(fd);
	return (struct str){ text, n > 0 ? (size_t)n : 0 };
}
