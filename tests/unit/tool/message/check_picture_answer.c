/*
 * check_picture_answer - which files send and reply ask the helper for, and what
 * they make of answers, wrong ones too; what is stored with the message.
 */
#include <check.h>

#include "conf/conf.h"
#include "mail/message/send.h"
#include "support/people.h"
#include "support/toolcall.h"
#include "tool/message/pictures.h"

#define SHA "1cbb6b697bd5ef850e83010215f04f38484d7294"
#define ITEM "{'project':1,'path':'a.png','sha1':'" SHA "','width':3,'height':2,'bytes':4,'at':0,'n':4}"
#define SEND "{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B','attachment_paths':['a.png']}"

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

static void
write_question(struct jw *w, void *arg)
{
	if (pictures_question(&f.cx, arg, w) == 0)
		jw_null(w);
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
	struct message_send in = { .project_key = STR("/data/h/pic"), .sender_name = STR("BlueLake"), .people = { { people, 1 } },
		.subject = STR("S"), .body_md = str_c(body), .attach = { .paths = { paths, path[0] != '\0' } } };
	struct attach_wants wants;

	f.cx.db = f.ro;
	message_send_wants(fixture_again(&f), &in, &wants);
	f.cx.db = f.db;
	return wanted(&wants);
}

START_TEST(asked_for)
{
	ck_assert_str_eq(send_wants("GreenCastle", "B", "img/a.png"), "1:img/a.png ");
	ck_assert_str_eq(send_wants("GreenCastle", "![](b.png) ![](b.png) ![](data:image/png;base64,x) ![](https://x/y.png)", "b.png"), "1:b.png ");
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
	struct message_reply in = { .project_key = STR("/data/h/pic"), .sender_name = STR("GreenCastle"), .body_md = STR("![](x.png)") };
	struct attach_wants wants;

	in.message_id = people_mail(&f, &here, &blue, &green, "hello");
	message_reply_wants(fixture_again(&f), &in, &wants);
	ck_assert_str_eq(wanted(&wants), "1:x.png ");
	in.message_id = 99;
	message_reply_wants(fixture_again(&f), &in, &wants);
	ck_assert_str_eq(wanted(&wants), "");
}
END_TEST

START_TEST(question)
{
	struct attach_want one = { 1, STR("/root/projects/pic"), STR("a.png") };
	struct attach_wants wants = { &one, 1, true };

	ck_json(fixture_json(&f, write_question, &wants),
	    "{'do':'pictures','max_bytes':10485760,'max_pixels':25000000,'memory':536870912,'originals':true,"
	    "'items':[{'project':1,'dir':'/root/projects/pic','path':'a.png'}]}");
	ck_assert_int_eq(f.cx.answer_wait, f.conf->image_timeout);
	wants.n = 0;
	ck_json(fixture_json(&f, write_question, &wants), "null");
}
END_TEST

static const struct {
	const char *answer;
	int n, fault;
} answers[] = {
	{ NULL, 0, 0 },
	{ "", 0, 0 },
	{ "{'items':[{'proj", 0, 0 },
	{ "{'items':{}}", 0, 0 },
	{ "{'items':[" ITEM "]}", 1, PICTURE_GOOD },
	/* Places that do not lie in the file, or no name: unable. */
	{ "{'items':[{'project':1,'path':'a.png','sha1':'" SHA "','at':5,'n':4}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[{'project':1,'path':'a.png','sha1':'" SHA "','at':-1,'n':4}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[{'project':1,'path':'a.png','sha1':'" SHA "','at':0,'n':9223372036854775807}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[{'project':1,'path':'a.png','sha1':'" SHA "','at':9223372036854775807,'n':9223372036854775807}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[{'project':1,'path':'a.png','sha1':'x','at':0,'n':4}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[{'project':1,'path':'a.png','error':'large','width':7100,'height':7100}]}", 1, PICTURE_FAULT_LARGE },
	{ "{'items':[{'project':1,'path':'a.png','error':'never heard'}]}", 1, PICTURE_FAULT_UNABLE },
	{ "{'items':[7]}", 1, PICTURE_FAULT_UNABLE },
};

START_TEST(meaning)
{
	struct pictures p;

	f.cx.answer = answers[_i].answer != NULL ? str_c(toolcall_quotes(&f, answers[_i].answer)) : STR_NONE;
	f.cx.answer_bytes = STR("webporig");
	p = pictures_answer(&f.cx);
	ck_assert_int_eq((int)p.n, answers[_i].n);
	if (p.n > 0)
		ck_assert_int_eq(p.v[0].fault, answers[_i].fault);
}
END_TEST

/* Message, list, bytes and archive order in one transaction; the same file again is the same row. */
START_TEST(stored)
{
	f.cx.answer = str_c(toolcall_quotes(&f, "{'items':[" ITEM "]}"));
	f.cx.answer_bytes = STR("webporig");
	ck_has(tool_ok(&f, "send_message", SEND), "'attachments':[{'type':'inline','media_type':'image/webp','bytes':4,'width':3,'height':2,'sha1':'" SHA
	                                          "','data_base64':'d2VicA=='}]}");
	ck_str(fixture_str(&f, "SELECT sha1 || width || height || original_bytes || original_ext || CAST(webp AS TEXT) FROM pictures"),
	    SHA "324.pngwebp");
	ck_assert_int_eq(fixture_int(&f, "SELECT original IS NULL FROM pictures"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
	f.cx.answer_bytes = STR("WEBPorig");
	f.cx.answer = str_c(toolcall_quotes(&f,
	    "{'items':[{'project':1,'path':'a.png','sha1':'" SHA "','width':3,'height':2,'bytes':4,'at':0,'n':4,'original_at':4}]}"));
	/* Goes on with the WebP made first; the original is kept from now on. */
	ck_has(tool_ok(&f, "send_message", SEND), "'data_base64':'d2VicA=='");
	ck_str(fixture_str(&f, "SELECT CAST(webp || original AS TEXT) FROM pictures"), "webporig");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_pictures"), 2);
}
END_TEST

/* Reservations below attachments/ stop a message with pictures, and only that. */
START_TEST(reserved)
{
	fixture_sql(&f, "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
			" VALUES (1, 2, 'attachments/**', 1, 9000000000000000)");
	f.cx.answer = str_c(toolcall_quotes(&f, "{'items':[" ITEM "]}"));
	f.cx.answer_bytes = STR("webporig");
	ck_has(tool_ok(&f, "send_message", SEND), "FILE_RESERVATION_CONFLICT");
	ck_assert_int_eq(fixture_int(&f, "SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM messages)"), 0);
	tool_ok(&f, "send_message", "{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
}
END_TEST

/* One that cannot be attached leaves nothing of the others. */
START_TEST(nothing_half_done)
{
	f.cx.answer = str_c(toolcall_quotes(&f, "{'items':[" ITEM ",{'project':1,'path':'b.png','error':'broken'}]}"));
	f.cx.answer_bytes = STR("webporig");
	tool_fails(&f, "send_message",
	    "{'project_key':'/data/h/pic','sender_name':'BlueLake','to':['GreenCastle'],'subject':'S','body_md':'B','attachment_paths':['a.png','b.png']}",
	    ERR_OS_ERROR);
	ck_fail(&f, ERR_OS_ERROR, "'b.png': it is truncated or damaged");
	ck_assert_int_eq(fixture_int(&f,
	                     "SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM outbox WHERE kind = 3)"), 0);
}
END_TEST

Suite *
suite_picture_answer(void)
{
	Suite *s = suite_create("picture_answer");
	TCase *t = tcase_create("picture_answer");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, asked_for);
	tcase_add_test(t, replies);
	tcase_add_test(t, question);
	tcase_add_loop_test(t, meaning, 0, sizeof(answers) / sizeof(answers[0]));
	tcase_add_test(t, stored);
	tcase_add_test(t, reserved);
	tcase_add_test(t, nothing_half_done);
	suite_add_tcase(s, t);
	return s;
}
