/*
 * check_attach - what bodies and attachment_paths become (contract/messaging.md 9),
 * given what the helper saw.
 */
#include <check.h>
#include <errno.h>

#include "api/rules.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/attach.h"
#include "mail/message/deliver.h"
#include "support/toolcall.h"

#define SMALL "1111111111111111111111111111111111111111"
#define BIG "2222222222222222222222222222222222222222"
#define INLINE_SMALL \
	"{'type':'inline','media_type':'image/webp','bytes':3,'width':3,'height':2,'sha1':'" SMALL \
	"','data_base64':'YWJj'}"
#define FILE_SMALL \
	"{'type':'file','media_type':'image/webp','bytes':3,'path':'projects/own/attachments/11/" SMALL ".webp'," \
	"'width':3,'height':2,'sha1':'" SMALL "'}"
#define PATH_BIG "projects/own/attachments/22/" BIG ".webp"
#define FILE_BIG \
	"{'type':'file','media_type':'image/webp','bytes':6,'path':'" PATH_BIG \
	"','width':320,'height':320,'sha1':'" BIG "'}"
#define PNG "[{'type':'inline','media_type':'image/png'}]"
#define WEBP "[{'type':'inline','media_type':'image/webp'}]"
#define WEBP_URI "data:image/webp;base64,YWJj"

static struct fixture f;
static struct project own = { .id = 1, .slug = LIT("own"), .human_key = LIT("/own") };
static struct project other = { .id = 2, .slug = LIT("other"), .human_key = LIT("/other") };
static struct agent sender = { .id = 1, .project_id = 1, .name = LIT("BlueLake"), .attachments_policy = LIT("auto") };

/* What lies in the directory of `own`; only.png in that of `other`. */
/* clang-format off */
static const struct picture all[] = {
	{ .project_id = 1, .path = LIT("img/a.png"), .width = 3, .height = 2, .file_bytes = 68, .sha1 = LIT(SMALL), .webp = LIT("abc") },
	{ .project_id = 1, .path = LIT("img/b.png"), .width = 320, .height = 320, .file_bytes = 999, .sha1 = LIT(BIG), .webp = LIT("abcdef") },
	{ .project_id = 1, .path = LIT("no.png"), .fault = PICTURE_FAULT_SYSTEM, .error = ENOENT, .why = LIT("No such file or directory") },
	{ .project_id = 1, .path = LIT("dir"), .fault = PICTURE_FAULT_SYSTEM, .error = EISDIR, .why = LIT("Is a directory") },
	{ .project_id = 1, .path = LIT("shut.png"), .fault = PICTURE_FAULT_SYSTEM, .error = EACCES, .why = LIT("Permission denied") },
	{ .project_id = 1, .path = LIT("link.png"), .fault = PICTURE_FAULT_OUTSIDE },
	{ .project_id = 1, .path = LIT("note.txt"), .fault = PICTURE_FAULT_UNKNOWN },
	{ .project_id = 1, .path = LIT("half.png"), .fault = PICTURE_FAULT_BROKEN },
	{ .project_id = 1, .path = LIT("bomb.png"), .fault = PICTURE_FAULT_LARGE, .width = 7100, .height = 7100 },
	{ .project_id = 1, .path = LIT("fat.png"), .fault = PICTURE_FAULT_LARGE_FILE, .file_bytes = 99999999 },
	{ .project_id = 1, .path = LIT("more.png"), .fault = PICTURE_FAULT_LARGE_MESSAGE },
	{ .project_id = 1, .path = LIT("mem.png"), .fault = PICTURE_FAULT_MEMORY },
	{ .project_id = 1, .path = LIT("crash.png"), .fault = PICTURE_FAULT_KILLED },
	{ .project_id = 1, .path = LIT("slow.png"), .fault = PICTURE_FAULT_LATE },
	{ .project_id = 1, .path = LIT("x.png"), .fault = PICTURE_FAULT_UNABLE },
	{ .project_id = 2, .path = LIT("img/a.png"), .fault = PICTURE_FAULT_SYSTEM, .error = ENOENT, .why = LIT("No such file or directory") },
	{ .project_id = 0, .path = LIT("/abs.png"), .width = 3, .height = 2, .file_bytes = 68, .sha1 = LIT(SMALL), .webp = LIT("abc"), .original = LIT("orig") },
};
/* clang-format on */

static void
setup(void)
{
	fixture_init(&f);
	f.conf->inline_image_max_bytes = 5;
	sender.attachments_policy = STR("auto");
}

/* Names for `paths`, separated by spaces. */
static struct str_list
split(const char *paths)
{
	struct str_list out = { arena_array(&f.arena, struct str, ATTACH_MAX + 10), 0 };
	struct str rest = str_c(paths), one;

	while (paths[0] != '\0' && str_next(&rest, ' ', &one))
		out.v[out.n++] = one;
	return out;
}

static int
fill(const char *body, struct send_attach at, const struct project *to, struct outgoing *part)
{
	struct attach_rules rules = attach_rules(fixture_again(&f), &at, &sender);

	*part = (struct outgoing){ .project = to, .body_md = str_c(toolcall_quotes(&f, body)) };
	return attach_fill(&f.cx, &at, &rules, &own, part);
}

static const struct {
	const char *body, *paths, *list, *text; /* text NULL: as it was; list NULL: no attachments */
	int convert;                            /* -1: not said */
} rows[] = {
	{ "", "", NULL, NULL, -1 },
	{ "plain data: here", "", NULL, NULL, -1 },
	{ "a ![x](data:image/png;base64,AAAA) b", "", PNG, NULL, -1 },
	{ "a ![x](data:image/png;base64,AAAA) b", "", WEBP, NULL, 0 },
	{ "![](data:image/png;base64,@@@)![b]( data:image/gif;base64,y )", "",
	    "[{'type':'inline','media_type':'image/png'},{'type':'inline','media_type':'image/gif'}]", NULL, 1 },
	{ "![x](data:;base64,AAAA)", "", WEBP, NULL, -1 },
	{ "![x](data:;base64,AAAA)", "", NULL, NULL, 0 },
	{ "the words data:image in a text", "", WEBP, NULL, -1 },
	{ "<img src='data:image/png;base64,x'>", "", WEBP, NULL, -1 },
	{ "![x] (data:text/plain,a) ![y](data:text/plain,b", "", NULL, NULL, -1 },
	{ "look ![alt text](img/a.png) end", "", "[" INLINE_SMALL "]", "look ![alt text](" WEBP_URI ") end", -1 },
	{ "![]( img/a.png\t)![x](img/b.png)", "", "[" INLINE_SMALL "," FILE_BIG "]",
	    "![]( " WEBP_URI "\t)![x](" PATH_BIG ")", 1 },
	{ "![](img/a.png)", "", NULL, NULL, 0 },
	{ "![](img/a.png) data:image", "", WEBP, NULL, 0 },
	/* Left untouched, silently. */
	{ "![](no.png) ![](dir) ![](link.png) ![](../a.png) ![](/abs.png) ![](https://x/a.png) <img src=img/a.png>", "",
	    NULL, NULL, -1 },
	{ "![](..foo) ![](img/../img/a.png) ![](a/..) ![]() ![a ![](no.png)", "", NULL, NULL, -1 },
	/* Attachments are always made, repeated where they are named twice. */
	{ "B", "img/a.png img/a.png", "[" INLINE_SMALL "," INLINE_SMALL "]", NULL, -1 },
	{ "B", "img/b.png img/a.png", "[" FILE_BIG "," INLINE_SMALL "]", NULL, 0 },
	{ "![](img/a.png)", "img/a.png", "[" INLINE_SMALL "," INLINE_SMALL "]", "![](" WEBP_URI ")", -1 },
	{ "![](img/a.png)", "img/b.png", "[" FILE_BIG "]", NULL, 0 },
	{ "B", "img/b.png", "[" FILE_BIG "]", NULL, -1 },
};

START_TEST(letters)
{
	struct send_attach at = { .paths = split(rows[_i].paths),
		.has_convert = rows[_i].convert >= 0,
		.convert = rows[_i].convert > 0,
		.found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;
	const char *body = toolcall_quotes(&f, rows[_i].body);

	ck_assert_msg(fill(body, at, &own, &part) == 0, "%.*s", FSTR(f.cx.fail.msg));
	if (rows[_i].list != NULL)
		ck_json(part.attachments, rows[_i].list);
	else
		ck_assert_ptr_null(part.attachments.p);
	ck_str(part.body_md, toolcall_quotes(&f, rows[_i].text != NULL ? rows[_i].text : body));
}
END_TEST

/* A picture that is carried twice is stored once. */
START_TEST(carried_once)
{
	struct send_attach at = { .paths = split("img/a.png img/b.png img/a.png"),
		.found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;

	ck_assert_int_eq(fill("![](img/a.png)", at, &own, &part), 0);
	ck_assert_uint_eq(part.npictures, 2);
	ck_str(part.pictures[0].sha1, SMALL);
	ck_str(part.pictures[1].sha1, BIG);
	ck_assert(part.attaches);
}
END_TEST

/* attachments_policy of the sender decides where pictures go, and that they are converted. */
START_TEST(policies)
{
	struct send_attach at = { .has_convert = true, .found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;

	sender.attachments_policy = STR("file");
	ck_assert_int_eq(fill("![](img/a.png)", at, &own, &part), 0);
	ck_json(part.attachments, "[" FILE_SMALL "]");
	sender.attachments_policy = STR("inline");
	ck_assert_int_eq(fill("![](img/b.png)", at, &own, &part), 0);
	ck_has(part.attachments, "'data_base64':'YWJjZGVm'");
	sender.attachments_policy = STR("auto");
	f.conf->convert_images = false;
	at.has_convert = false;
	ck_assert_int_eq(fill("![](img/a.png)", at, &own, &part), 0);
	ck_assert_ptr_null(part.attachments.p);
	ck_assert(!part.attaches);
	/* REST has no such images (decision 3.35). */
	f.conf->convert_images = true;
	f.cx.rules = dialect_rules(DIALECT_REST);
	ck_assert_int_eq(fill("![](img/a.png)![](data:image/png;base64,x)", at, &own, &part), 0);
	ck_json(part.attachments, PNG);
	f.cx.rules = dialect_rules(DIALECT_MCP);
}
END_TEST

static const struct {
	const char *path, *text;
	enum err err;
	bool body; /* fails in a body as well */
} wrong[] = {
	{ "../outside.png", "Invalid argument value: Invalid path: directory traversal not allowed. Check",
	    ERR_INVALID_ARGUMENT, false },
	{ "..foo", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "img/../img/a.png", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "img\\..\\a.png", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "\\etc\\a.png", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "img/..", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "link.png", "directory traversal not allowed", ERR_INVALID_ARGUMENT, false },
	{ "/abs.png",
	    "Absolute attachment paths are disabled. Set ALLOW_ABSOLUTE_ATTACHMENT_PATHS=true to enable.. Check",
	    ERR_INVALID_ARGUMENT, false },
	{ "no.png", "OS error: [Errno 2] No such file or directory: 'no.png'", ERR_OS_ERROR, false },
	{ "dir", "OS error: [Errno 21] Is a directory: 'dir'", ERR_OS_ERROR, false },
	{ "shut.png", "OS error: [Errno 13] Permission denied: 'shut.png'", ERR_OS_ERROR, true },
	{ "note.txt", "OS error: cannot identify image file 'note.txt'", ERR_OS_ERROR, true },
	{ "half.png", "OS error: cannot identify image file 'half.png': it is truncated or damaged", ERR_OS_ERROR,
	    true },
	{ "bomb.png", "'bomb.png' has 7100x7100 pixels, more than image_max_pixels (25000000)", ERR_INVALID_ARGUMENT,
	    true },
	{ "fat.png", "'fat.png' has 99999999 bytes, more than image_max_bytes (10485760)", ERR_INVALID_ARGUMENT, true },
	{ "more.png", "20971520 bytes together", ERR_INVALID_ARGUMENT, true },
	{ "mem.png", "'mem.png' needs more memory than image_memory allows", ERR_OS_ERROR, true },
	{ "crash.png", "'crash.png' ended the decoder with a crash", ERR_OS_ERROR, true },
	{ "slow.png", "'slow.png' was not decoded within image_timeout (10 s)", ERR_TIMEOUT, true },
	{ "x.png", "agentmail-picture cannot be run", ERR_RESOURCE_BUSY, true },
	{ "unseen.png", "'unseen.png' could not be looked at in time, so nothing was sent", ERR_RESOURCE_BUSY, true },
};

START_TEST(refused)
{
	struct send_attach at = { .paths = split(wrong[_i].path), .found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;
	int rc;

	ck_assert_int_eq(fill("B", at, &own, &part), -1);
	ck_fail(&f, wrong[_i].err, wrong[_i].text);
	ck_has(fail_data_json(&f.cx.fail), "'argument':'attachment_paths'");
	at.paths.n = 0;
	rc = fill(arena_cstr(&f.arena, arena_printf(&f.arena, "![](%s)", wrong[_i].path)), at, &own, &part);
	ck_assert_int_eq(rc, wrong[_i].body ? -1 : 0);
	if (!wrong[_i].body)
		return;
	ck_fail(&f, wrong[_i].err, wrong[_i].text);
	ck_has(fail_data_json(&f.cx.fail), "'argument':'body_md'");
}
END_TEST

/* To another project: what it has not is taken from the sender's own, and stored there. */
START_TEST(elsewhere)
{
	struct send_attach at = { .paths = split("img/b.png"), .found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;

	ck_assert_int_eq(fill("![](img/a.png) ![](no.png)", at, &other, &part), 0);
	ck_has(part.body_md, WEBP_URI);
	ck_has(part.attachments, "'path':'projects/other/attachments/22/" BIG ".webp'");
}
END_TEST

START_TEST(absolute)
{
	struct send_attach at = { .paths = split("/abs.png"), .found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;

	f.conf->allow_absolute_attachment_paths = true;
	sender.attachments_policy = STR("file");
	ck_assert_int_eq(fill("![](/abs.png)", at, &own, &part), 0);
	ck_has(part.attachments, "'original_path':'projects/own/attachments/originals/11/" SMALL ".png'}");
}
END_TEST

START_TEST(too_many)
{
	struct send_attach at = { .found = { all, sizeof(all) / sizeof(all[0]) } };
	struct outgoing part;
	struct buf b;

	buf_init(&b, &f.arena);
	for (int i = 0; i <= ATTACH_MAX; i++)
		buf_printf(&b, "![](p%d.png)", i);
	ck_assert_int_eq(fill(arena_cstr(&f.arena, buf_flat(&b)), at, &own, &part), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "more than 50 image files");
}
END_TEST

START_TEST(extensions)
{
	static const char *const paths[][2] = { { "a.png", ".png" }, { "x/B.JPeG", ".jpeg" }, { "a", "" },
		{ ".png", "" }, { "d.x/a", "" }, { "a.", "" }, { "a.p g", "" }, { "a.verylongextension", "" },
		{ "a/.png", "" } };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ck_str(picture_ext(&f.cx, str_c(paths[i][0])), paths[i][1]);
}
END_TEST

Suite *
suite_attach(void)
{
	Suite *s = suite_create("attach");
	TCase *t = tcase_create("attach");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_loop_test(t, letters, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, carried_once);
	tcase_add_test(t, policies);
	tcase_add_loop_test(t, refused, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, elsewhere);
	tcase_add_test(t, absolute);
	tcase_add_test(t, too_many);
	tcase_add_test(t, extensions);
	suite_add_tcase(s, t);
	return s;
}
