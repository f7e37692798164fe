/*
 * check_picture_result - which files send and reply want the helper to look for, and what
 * they make of results, wrong ones too; what is stored with the message.
 */
#include <check.h>

#include "conf/conf.h"
#include "ipc/query/picture.h"
#include "mail/message/send.h"
#include "support/people.h"
#include "support/toolcall.h"
#include "tool/message/pictures.h"

#define SHA "1cbb6b697bd5ef850e83010215f04f38484d7294"
#define SEND \
	"{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B','attachment_paths':['a.png']}"

static struct fixture f;
static struct project here, there;
static struct agent blue, green, far;

static void
setup(void)
{
	people_pair(&f, "/data/h/pic", "open", &here, &blue, &green);
	there = people_project(&f, "/data/h/far");
	far = people_agent(&f, &there, "CalmOtter", "open");
}

static const struct picture_found good = { .project = 1,
	.path = LIT("a.png"),
	.sha1 = LIT(SHA),
	.width = 3,
	.height = 2,
	.bytes = 4,
	.at = 0,
	.n = 4,
	.original_at = -1 };

/* The next result, with its memory file. */
static void
helper_says(const struct picture_found *v, size_t n, struct str file)
{
	struct buf b;

	buf_init(&b, &f.arena);
	picture_result_put(&b, &(struct picture_result){ v, n });
	f.cx.query_result = buf_flat(&b);
	f.cx.query_file = file;
}

/* The names wanted, each with its project's number, as text. */
static const char *
wanted(const struct attach_wants *wants)
{
	struct buf b;

	buf_init(&b, &f.arena);
	for (size_t i = 0; i < wants->n; i++)
		buf_printf(&b, "%lld:%" PRIstr " ", (long long)wants->v[i].project_id, FSTR(wants->v[i].path));
	return arena_cstr(&f.arena, buf_flat(&b));
}

static const char *
send_wants(const char *to, const char *body, const char *path)
{
	struct str people[] = { str_c(to) }, paths[] = { str_c(path) };
	struct message_send in = { .project_key = STR("/data/h/pic"),
		.sender_name = STR("BlueLake"),
		.recipients = { { people, 1 } },
		.subject = STR("S"),
		.body_md = str_c(body),
		.attach = { .paths = { paths, path[0] != '\0' } } };
	struct attach_wants wants;

	f.cx.db = f.ro;
	message_send_wants(fixture_again(&f), &in, &wants);
	f.cx.db = f.db;
	return wanted(&wants);
}

START_TEST(wanted_files)
{
	ck_assert_str_eq(send_wants("GreenCastle", "B", "img/a.png"), "1:img/a.png ");
	ck_assert_str_eq(send_wants("GreenCastle",
			     "![](b.png) ![](b.png) ![](data:image/png;base64,x) ![](https://x/y.png)", "b.png"),
	    "1:b.png ");
	ck_assert_str_eq(send_wants("project:data-h-far#CalmOtter", "B", "a.png"), "1:a.png 2:a.png ");
	/* Nothing where there is none, or where sending fails anyhow. */
	ck_assert_str_eq(send_wants("GreenCastle", "plain", ""), "");
	ck_assert_str_eq(send_wants("GreenCastle", "B", "../a.png"), "");
	ck_assert_str_eq(send_wants("GreenCastle", "B", "/a.png"), "");
	f.conf->allow_absolute_attachment_paths = true;
	ck_assert_str_eq(send_wants("GreenCastle", "B", "/a.png"), "0:/a.png ");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_str_eq(send_wants("GreenCastle", "B", "a.png"), "");
}
END_TEST

START_TEST(replies)
{
	struct message_reply in = {
		.project_key = STR("/data/h/pic"), .sender_name = STR("GreenCastle"), .body_md = STR("![](x.png)")
	};
	struct attach_wants wants;

	in.message_id = people_mail(&f, &here, &blue, &green, "hello");
	message_reply_wants(fixture_again(&f), &in, &wants);
	ck_assert_str_eq(wanted(&wants), "1:x.png ");
	in.message_id = 99;
	message_reply_wants(fixture_again(&f), &in, &wants);
	ck_assert_str_eq(wanted(&wants), "");
}
END_TEST

START_TEST(query)
{
	struct attach_want one = { 1, STR("/root/projects/pic"), STR("a.png") };
	struct attach_wants wants = { &one, 1, true };
	struct picture_query q;
	struct buf b;

	buf_init(&b, &f.arena);
	ck_assert_int_eq(pictures_query(&f.cx, &wants, &b), 1);
	ck_assert(picture_query_get(&f.arena, buf_flat(&b), &q));
	ck_assert_int_eq(q.max_bytes, f.conf->image_max_bytes);
	ck_assert_int_eq(q.max_pixels, f.conf->image_max_pixels);
	ck_assert_int_eq(q.memory, f.conf->image_memory);
	ck_assert(q.originals);
	ck_assert_uint_eq(q.n, 1);
	ck_assert_int_eq(q.v[0].project, 1);
	ck_str(q.v[0].dir, "/root/projects/pic");
	ck_str(q.v[0].path, "a.png");
	wants.n = 0;
	ck_assert_int_eq(pictures_query(&f.cx, &wants, &b), 0);
}
END_TEST

#define FOUND(...) \
	{ \
		.project = 1, .path = LIT("a.png"), .sha1 = LIT(SHA), .original_at = -1, __VA_ARGS__ \
	}

static const struct {
	struct picture_found found;
	enum picture_fault fault;
} founds[] = {
	{ FOUND(.at = 0, .n = 4), PICTURE_GOOD },
	/* Places that do not lie in the file, or no name: unable. */
	{ FOUND(.at = 5, .n = 4), PICTURE_FAULT_UNABLE },
	{ FOUND(.at = -1, .n = 4), PICTURE_FAULT_UNABLE },
	{ FOUND(.at = 0, .n = INT64_MAX), PICTURE_FAULT_UNABLE },
	{ FOUND(.at = INT64_MAX, .n = INT64_MAX), PICTURE_FAULT_UNABLE },
	{ { .project = 1, .path = LIT("a.png"), .sha1 = LIT("x"), .n = 4 }, PICTURE_FAULT_UNABLE },
	{ { .project = 1, .path = LIT("a.png"), .n = 4 }, PICTURE_FAULT_UNABLE },
	{ FOUND(.fault = PICTURE_FAULT_LARGE, .width = 7100, .height = 7100), PICTURE_FAULT_LARGE },
};

START_TEST(meaning)
{
	struct pictures p;

	helper_says(&founds[_i].found, 1, STR("webporig"));
	p = pictures_found(&f.cx);
	ck_assert_uint_eq(p.n, 1);
	ck_assert_int_eq(p.v[0].fault, founds[_i].fault);
	ck_assert_int_eq(p.v[0].webp.p != NULL && p.v[0].fault == PICTURE_GOOD, founds[_i].fault == PICTURE_GOOD);
}
END_TEST

/* Nobody could look, or the result is of no use. */
START_TEST(unknown)
{
	static const char *const results[] = { NULL, "", "picture {'items':[{'proj", "picture {'items':{}}\n",
		"picture {'items':[7]}\n" };

	f.cx.query_result = results[_i] != NULL ? str_c(toolcall_quotes(&f, results[_i])) : STR_NONE;
	ck_assert_uint_eq(pictures_found(&f.cx).n, 0);
	tool_fails(&f, "send_message", SEND, ERR_RESOURCE_BUSY);
}
END_TEST

/* Message, list, bytes and archive order in one transaction; the same file again is the same row. */
START_TEST(stored)
{
	struct picture_found kept = good;

	helper_says(&good, 1, STR("webporig"));
	ck_has(tool_ok(&f, "send_message", SEND),
	    "'attachments':[{'type':'inline','media_type':'image/webp','bytes':4,'width':3,'height':2,'sha1':'" SHA
	    "','data_base64':'d2VicA=='}]}");
	ck_str(
	    fixture_str(&f,
		"SELECT sha1 || width || height || original_bytes || original_ext || CAST(webp AS TEXT) FROM pictures"),
	    SHA "324.pngwebp");
	ck_assert_int_eq(fixture_int(&f, "SELECT original IS NULL FROM pictures"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
	kept.original_at = 4;
	helper_says(&kept, 1, STR("WEBPorig"));
	/* Goes on with the WebP made first; the original is kept from now on. */
	ck_has(tool_ok(&f, "send_message", SEND), "'data_base64':'d2VicA=='");
	ck_str(fixture_str(&f, "SELECT CAST(webp || original AS TEXT) FROM pictures"), "webporig");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_pictures"), 2);
}
END_TEST

/* Reservations below attachments/ stop a message with pictures, and only that. */
START_TEST(reserved)
{
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " VALUES (1, 2, 'attachments/**', 1, 9000000000000000)");
	helper_says(&good, 1, STR("webporig"));
	ck_has(tool_ok(&f, "send_message", SEND), "FILE_RESERVATION_CONFLICT");
	ck_assert_int_eq(fixture_int(&f, "SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM messages)"), 0);
	tool_ok(&f, "send_message",
	    "{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
}
END_TEST

/* One that cannot be attached leaves nothing of the others. */
START_TEST(nothing_half_done)
{
	struct picture_found two[] = { good,
		{ .project = 1, .path = LIT("b.png"), .fault = PICTURE_FAULT_BROKEN, .original_at = -1 } };

	helper_says(two, 2, STR("webporig"));
	tool_fails(&f, "send_message",
	    "{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B','attachment_paths':['a.png','b.png']}",
	    ERR_OS_ERROR);
	ck_fail(&f, ERR_OS_ERROR, "'b.png': it is truncated or damaged");
	ck_assert_int_eq(
	    fixture_int(&f,
		"SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM outbox WHERE kind = 3)"),
	    0);
}
END_TEST

Suite *
suite_picture_result(void)
{
	Suite *s = suite_create("picture_result");
	TCase *t = tcase_create("picture_result");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, wanted_files);
	tcase_add_test(t, replies);
	tcase_add_test(t, query);
	tcase_add_loop_test(t, meaning, 0, sizeof(founds) / sizeof(founds[0]));
	tcase_add_loop_test(t, unknown, 0, 5);
	tcase_add_test(t, stored);
	tcase_add_test(t, reserved);
	tcase_add_test(t, nothing_half_done);
	suite_add_tcase(s, t);
	return s;
}
