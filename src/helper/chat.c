/*
 * chat - writes a question as a chat completion, sends it with libcurl and picks the answer out of
 * what comes.
 *
 * The only file of the daemon that knows libcurl; called by refine.c, in a child that is killed at
 * its deadline. The key goes into one header and nowhere else, least of all into an error text.
 */
#include "helper/chat.h"

#include <curl/curl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "conf/conf.h"

#define DEFAULT_URL "https://api.openai.com/v1"
#define CONNECT_MS 5000L

struct body {
	struct buf buf;
	bool over;
};

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct body *b = arg;

	b->over |= b->buf.n + size * n > CHAT_MAX;
	if (b->over)
		return 0;
	buf_put(&b->buf, p, size * n);
	return size * n;
}

/* The address; absent when nothing is configured. */
static struct str
address(const struct conf *conf, struct arena *a)
{
	struct str base = str_trim(conf->llm_base_url);

	if (base.n == 0 && conf->llm_api_key.n == 0)
		return STR_NONE;
	if (base.n == 0)
		base = STR(DEFAULT_URL);
	while (base.n > 0 && base.p[base.n - 1] == '/')
		base.n--;
	return arena_printf(a, "%" PRIstr "/chat/completions", FSTR(base));
}

static void
put_message(struct jw *w, const char *role, struct str text)
{
	jw_obj(w);
	jw_kcstr(w, "role", role);
	jw_kstr(w, "content", text);
	jw_end(w);
}

static struct str
request(const struct chat *c, struct arena *a)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "model", c->model);
	jw_karr(&w, "messages");
	put_message(&w, "system", c->system);
	put_message(&w, "user", c->user);
	jw_end(&w);
	jw_key(&w, "temperature");
	jw_double(&w, c->conf->llm_temperature);
	jw_kint(&w, "max_tokens", c->conf->llm_max_tokens);
	jw_end(&w);
	return buf_flat(&b);
}

/* choices[0].message.content: a text, or parts of which those of type text count. */
static struct str
content(struct str text, struct arena *a)
{
	struct jr_error err;
	struct jr doc, said;
	struct buf b;

	if (!jr_parse(a, text, &doc, &err))
		return STR_NONE;
	said = jr_get(jr_get(jr_at(jr_get(doc, "choices"), 0), "message"), "content");
	if (said.type == JR_STR)
		return jr_str(said);
	buf_init(&b, a);
	for (size_t i = 0; said.type == JR_ARR && i < jr_len(said); i++)
		buf_str(&b, jr_str(jr_get(jr_at(said, i), "text")));
	return b.n > 0 ? buf_flat(&b) : STR_NONE;
}

static struct curl_slist *
headers(const struct conf *conf, struct arena *a)
{
	struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");

	/* Some services answer more slowly when they are asked to announce it. */
	list = curl_slist_append(list, "Expect:");
	if (conf->llm_api_key.n > 0)
		list = curl_slist_append(
		    list, arena_printf(a, "Authorization: Bearer %" PRIstr, FSTR(conf->llm_api_key)).p);
	return list;
}

static CURLcode
perform(CURL *h, const struct chat *c, const char *url, struct str text, struct curl_slist *list, struct body *body)
{
	int64_t left = (c->deadline - clock_mono_us()) / 1000;

	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, text.p);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)text.n);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, body);
	return curl_easy_perform(h);
}

static struct str
judge(CURL *h, CURLcode rc, const struct body *body, struct arena *a, struct str *why)
{
	struct str text = STR_NONE;
	long status = 0;

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	if (body->over)
		*why = arena_printf(a, "its answer is longer than %d bytes", CHAT_MAX);
	else if (rc != CURLE_OK)
		*why = arena_dup(a, str_c(curl_easy_strerror(rc)));
	else if (status != 200)
		*why = arena_printf(a, "it answered with status %ld", status);
	else if ((text = content(buf_flat(&body->buf), a)).p == NULL)
		*why = STR("its answer is no chat completion");
	return text;
}

struct str
chat_send(const struct chat *c, struct arena *a, struct str *why)
{
	struct str url = address(c->conf, a), text;
	struct body body = { .over = false };
	struct curl_slist *list;
	CURL *h;

	if (url.p == NULL) {
		*why = STR("neither llm_base_url nor llm_api_key is set");
		return STR_NONE;
	}
	h = curl_easy_init();
	if (h == NULL) {
		*why = STR("libcurl cannot be used");
		return STR_NONE;
	}
	buf_init(&body.buf, a);
	list = headers(c->conf, a);
	text = judge(h, perform(h, c, url.p, request(c, a), list, &body), &body, a, why);
	curl_slist_free_all(list);
	curl_easy_cleanup(h);
	return text;
}
