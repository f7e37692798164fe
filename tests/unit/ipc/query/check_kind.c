/*
 * check_kind - every kind of helper query: what one end writes the other reads; cut anywhere, with a member of a wrong
 * type, of another kind or too long it is refused, never half read.
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/query/archive.h"
#include "ipc/query/chat.h"
#include "ipc/query/guard.h"
#include "ipc/query/head.h"
#include "ipc/query/identity.h"
#include "ipc/query/path_activity.h"
#include "ipc/query/picture.h"
#include "ipc/query/wire.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

/* <kind>_<what>_again: reads bytes and writes what it read. */
#define AGAIN(kind, what) \
	static bool kind##_##what##_again(struct str bytes, struct buf *out) \
	{ \
		struct kind##_##what v; \
\
		if (!kind##_##what##_get(&f.arena, bytes, &v)) \
			return false; \
		kind##_##what##_put(out, &v); \
		return true; \
	}
AGAIN(path_activity, query)
AGAIN(path_activity, result)
AGAIN(head, query)
AGAIN(head, result)
AGAIN(identity, query)
AGAIN(identity, result)
AGAIN(archive, query)
AGAIN(archive, result)
AGAIN(guard, query)
AGAIN(guard, result)
AGAIN(picture, query)
AGAIN(picture, result)
AGAIN(chat, query)
AGAIN(chat, result)

/* Valid bytes, with ' for ". */
static const struct {
	bool (*again)(struct str bytes, struct buf *out);
	size_t max;
	const char *bytes;
} forms[] = {
	{ path_activity_query_again, HELPER_QUERY_MAX,
	    "path_activity {'dir':'/p','items':[{'id':1,'pattern':'src/*'},{'id':9223372036854775807,'pattern':'\\u0001\\n'}]}\n" },
	{ path_activity_query_again, HELPER_QUERY_MAX, "path_activity {'dir':'','items':[]}\n" },
	{ path_activity_result_again, HELPER_RESULT_MAX,
	    "path_activity {'items':[{'id':1,'matched':true,'files_ts':5,'git_ts':0},{'id':2,'matched':false,'files_ts':0}]}\n" },
	{ head_query_again, HELPER_QUERY_MAX, "head {'dir':'/p/ö'}\n" },
	{ head_result_again, HELPER_RESULT_MAX, "head {'branch':'feat/x','worktree':'p'}\n" },
	{ head_result_again, HELPER_RESULT_MAX, "head {'branch':null,'worktree':null}\n" },
	{ identity_query_again, HELPER_QUERY_MAX, "identity {'dir':'/p'}\n" },
	{ identity_result_again, HELPER_RESULT_MAX,
	    "identity {'known':true,'repository':true,'repo_root':'/p','git_common_dir':'.git','branch':'main','worktree_name':'p',"
	    "'core_ignorecase':true,'normalized_remote':'h/o/r','project_uid':'u','marked_project':'m','marked_product':'n'}\n" },
	{ identity_result_again, HELPER_RESULT_MAX,
	    "identity {'known':false,'repository':false,'repo_root':null,'git_common_dir':null,'branch':null,'worktree_name':null,"
	    "'core_ignorecase':false,'normalized_remote':null,'project_uid':null,'marked_project':null,'marked_product':null}\n" },
	{ archive_query_again, HELPER_QUERY_MAX,
	    "archive {'what':'changes','dir':'/a','sha':'abcd','path':'x/y','author':'me','since':-1,'until':9223372036854775807,"
	    "'limit':3,'offset':4,'items':[{'id':1,'sha':'ab'},{'id':2,'sha':'cd'}]}\n" },
	{ archive_query_again, HELPER_QUERY_MAX,
	    "archive {'what':'log','dir':'/a','sha':null,'path':null,'author':null,'since':0,'until':0,'limit':0,'offset':0,'items':[]}\n" },
	{ archive_result_again, HELPER_RESULT_MAX, "archive {'found':[{'a':1},null]}\n" },
	{ archive_result_again, HELPER_RESULT_MAX, "archive {'refused':'large','size':1048577,'why':'big.txt'}\n" },
	{ guard_query_again, HELPER_QUERY_MAX,
	    "guard {'install':true,'repo':'~/r','roots':['/a','/b'],'records':'/root/p'}\n" },
	{ guard_query_again, HELPER_QUERY_MAX, "guard {'install':false,'repo':'/r','roots':[],'records':null}\n" },
	{ guard_result_again, HELPER_RESULT_MAX,
	    "guard {'end':'installed','hook':'/r/.git/hooks/pre-commit','errno':0,'text':null}\n" },
	{ guard_result_again, HELPER_RESULT_MAX, "guard {'end':'refused','hook':null,'errno':13,'text':'no'}\n" },
	{ guard_result_again, HELPER_RESULT_MAX, "guard {'end':'nothing','hook':null,'errno':0,'text':null}\n" },
	{ picture_query_again, HELPER_QUERY_MAX,
	    "picture {'max_bytes':1,'max_pixels':2,'memory':3,'originals':true,'items':[{'project':7,'dir':'/d','path':'a.png'},"
	    "{'project':0,'dir':'','path':'/b.png'}]}\n" },
	{ picture_result_again, HELPER_RESULT_MAX,
	    "picture {'items':[{'project':7,'path':'a.png','fault':'good','errno':0,'text':null,'width':3,'height':2,'bytes':9,"
	    "'sha1':'ab','at':0,'n':4,'original_at':4},{'project':7,'path':'b','fault':'system','errno':2,'text':'none','width':0,"
	    "'height':0,'bytes':0,'sha1':null,'at':0,'n':0,'original_at':-1}]}\n" },
	{ chat_query_again, HELPER_QUERY_MAX, "chat {'model':'m','system':'S','user':'U','ids':[1,2]}\n" },
	{ chat_query_again, HELPER_QUERY_MAX, "chat {'model':null,'system':'','user':'','ids':[]}\n" },
	{ chat_result_again, HELPER_RESULT_MAX, "chat {'model':'m','object':{'a':[1.5,{}]},'ids':[1]}\n" },
	{ chat_result_again, HELPER_RESULT_MAX, "chat {'error':'it is away'}\n" },
};
#define FORMS (int)(sizeof(forms) / sizeof(forms[0]))

static struct str
form(int i)
{
	return str_c(toolcall_quotes(&f, forms[i].bytes));
}

static bool
reads(int i, struct str bytes)
{
	struct buf out;

	buf_init(&out, &f.arena);
	return forms[i].again(bytes, &out);
}

START_TEST(round_trip)
{
	struct str bytes = form(_i);
	struct buf out;

	buf_init(&out, &f.arena);
	ck_assert(forms[_i].again(bytes, &out));
	ck_str(buf_flat(&out), bytes.p);
	ck_assert(query_kind_of(bytes) != NULL);
	ck_assert(wire_whole(bytes));
}
END_TEST

START_TEST(cut)
{
	struct str bytes = form(_i);

	for (size_t n = 0; n < bytes.n; n++)
		ck_assert_msg(!reads(_i, str_sub(bytes, 0, n)), "%zu bytes: %.*s", n, (int)n, bytes.p);
	ck_assert(!reads(_i, STR_NONE));
}
END_TEST

START_TEST(other_kind)
{
	struct str bytes = form(_i), rest = str_sub(bytes, (size_t)str_chr(bytes, ' '), bytes.n);

	ck_assert(!reads(_i, arena_printf(&f.arena, "what%" PRIstr, FSTR(rest))));
	ck_assert(!reads(_i, arena_printf(&f.arena, "x%" PRIstr, FSTR(bytes))));
	ck_assert(!reads(_i, rest));
	ck_assert(!reads(_i, form((_i + FORMS / 2) % FORMS)));
}
END_TEST

/* Room between the members, up to the limit and beyond it. */
START_TEST(too_long)
{
	struct str bytes = form(_i);
	size_t brace = (size_t)str_chr(bytes, '{') + 1, n = forms[_i].max + 1;
	char *text = arena_get(&f.arena, n);

	memset(text, ' ', n);
	memcpy(text, bytes.p, brace);
	memcpy(text + n - (bytes.n - brace), bytes.p + brace, bytes.n - brace);
	ck_assert(!reads(_i, (struct str){ text, n }));
	/* One byte less is not too long; found results of the archive have one form only. */
	memcpy(text + n - 1 - (bytes.n - brace), bytes.p + brace, bytes.n - brace);
	if (str_find(bytes, STR("\"found\"")) < 0)
		ck_assert(reads(_i, (struct str){ text, n - 1 }));
}
END_TEST

struct damage {
	struct jw w;
	int at, i; /* which value is replaced; the one to come */
	bool list; /* by a list with such a value in it */
	bool done;
};

static void put_damaged(struct damage *d, struct jr v);

static bool
put_member(struct str key, struct jr val, void *arg)
{
	struct damage *d = arg;

	jw_key_str(&d->w, key);
	put_damaged(d, val);
	return true;
}

/* The value, with the at-th in it replaced by a number that no member may be. What a model wrote is free, and stays. */
static void
put_damaged(struct damage *d, struct jr v)
{
	struct buf b;

	if (d->i++ == d->at) {
		d->done = true;
		if (d->list)
			jw_arr(&d->w);
		jw_double(&d->w, 1.5);
		if (d->list)
			jw_end(&d->w);
	} else if (v.type == JR_OBJ && jr_get(v, "a").type == JR_ABSENT) {
		jw_obj(&d->w);
		jr_each(v, put_member, d);
		jw_end(&d->w);
	} else if (v.type == JR_ARR) {
		jw_arr(&d->w);
		for (size_t i = 0; i < jr_len(v); i++)
			put_damaged(d, jr_at(v, i));
		jw_end(&d->w);
	} else {
		buf_init(&b, &f.arena);
		jr_write(v, &b);
		jw_raw_buf(&d->w, &b);
	}
}

START_TEST(wrong_type)
{
	struct str bytes = form(_i);
	size_t name = (size_t)str_chr(bytes, ' ') + 1;
	struct jr_error err;
	struct jr body;
	bool more = true;

	if (str_find(bytes, STR("\"found\"")) >= 0)
		return;
	ck_assert(jr_parse(&f.arena, str_sub(bytes, name, bytes.n - name - 1), &body, &err));
	for (int at = 0; more; at++)
		for (int list = 0; list < 2; list++) {
			struct damage d = { .at = at, .list = list > 0 };
			struct buf b;

			buf_init(&b, &f.arena);
			buf_str(&b, str_sub(bytes, 0, name));
			jw_init(&d.w, &b, JW_COMPACT);
			put_damaged(&d, body);
			buf_cstr(&b, "\n");
			more = d.done;
			if (more)
				ck_assert_msg(!reads(_i, buf_flat(&b)), "%.*s", FSTR(buf_flat(&b)));
		}
}
END_TEST

static const struct {
	bool (*again)(struct str bytes, struct buf *out);
	const char *bytes;
} wrong[] = {
	/* Missing, unknown words, numbers that are none of ours, members in the wrong place. */
	{ head_query_again, "head {}\n" },
	{ head_query_again, "head {'dir':null}\n" },
	{ head_query_again, "head []\n" },
	{ head_query_again, "head {'dir':'/p'}\n\n\n x\n" },
	{ head_query_again, "head {'dir':'/p'} {'dir':'/q'}\n" },
	{ head_query_again, "head  \n" },
	{ path_activity_query_again, "path_activity {'dir':'/p'}\n" },
	{ path_activity_query_again,
	    "path_activity {'dir':'/p','items':[{'id':99999999999999999999,'pattern':'a'}]}\n" },
	{ path_activity_result_again, "path_activity {'items':[{'id':1,'matched':false}]}\n" },
	{ archive_query_again,
	    "archive {'what':'nonsense','dir':'/a','since':0,'until':0,'limit':0,'offset':0,'items':[]}\n" },
	{ archive_result_again, "archive {'refused':'found','size':0,'why':null}\n" },
	{ archive_result_again, "archive {'refused':'because','size':0,'why':null}\n" },
	{ archive_result_again, "archive {'found':}\n" },
	{ archive_result_again, "archive {'found':[" },
	{ guard_query_again, "guard {'install':true,'repo':'/r','roots':[],'records':null}\n" },
	{ guard_result_again, "guard {'end':'installed','hook':null,'errno':0,'text':null}\n" },
	{ guard_result_again, "guard {'end':'refused','hook':null,'errno':0,'text':null}\n" },
	{ picture_result_again,
	    "picture {'items':[{'project':7,'path':'a.png','fault':'never heard','errno':0,'text':null,'width':3,"
	    "'height':2,'bytes':9,'sha1':'ab','at':0,'n':4,'original_at':4}]}\n" },
	{ chat_result_again, "chat {'model':'m','ids':[]}\n" },
	{ chat_result_again, "chat {'model':'m','object':[1],'ids':[]}\n" },
	{ chat_result_again, "chat {'object':{},'ids':[]}\n" },
};

START_TEST(malformed)
{
	struct buf out;

	buf_init(&out, &f.arena);
	ck_assert_msg(!wrong[_i].again(str_c(toolcall_quotes(&f, wrong[_i].bytes)), &out), "%s", wrong[_i].bytes);
}
END_TEST

/* Names are unique beginnings; each lane lets something run, and has the time of its setting. */
START_TEST(lanes)
{
	ck_assert_ptr_eq(query_kind_of(STR("head {}\n")), &head_kind);
	ck_assert_ptr_eq(query_kind_of(STR("guard {")), &guard_kind);
	ck_assert_ptr_null(query_kind_of(STR("head")));
	ck_assert_ptr_null(query_kind_of(STR(" head {}\n")));
	ck_assert_ptr_null(query_kind_of(STR("heads {}\n")));
	ck_assert_ptr_null(query_kind_of(STR("")));
	ck_assert_ptr_null(query_kind_of(STR_NONE));
	for (int i = 0; i < LANES; i++)
		ck_assert_int_gt(query_limits(f.conf, (enum query_lane)i).children, 0);
	ck_assert_int_eq(query_limits(f.conf, archive_kind.lane).timeout_us, f.conf->helper_timeout);
	ck_assert_int_eq(query_limits(f.conf, picture_kind.lane).timeout_us, f.conf->image_timeout);
	ck_assert_int_eq(query_limits(f.conf, chat_kind.lane).timeout_us, f.conf->llm_timeout);
	f.conf->llm_parallel = 3;
	ck_assert_int_eq(query_limits(f.conf, chat_kind.lane).children, 3);
}
END_TEST

Suite *
suite_kind(void)
{
	Suite *s = suite_create("kind");
	TCase *t = tcase_create("kind");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, round_trip, 0, FORMS);
	tcase_add_loop_test(t, cut, 0, FORMS);
	tcase_add_loop_test(t, other_kind, 0, FORMS);
	tcase_add_loop_test(t, too_long, 0, FORMS);
	tcase_add_loop_test(t, wrong_type, 0, FORMS);
	tcase_add_loop_test(t, malformed, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, lanes);
	suite_add_tcase(s, t);
	return s;
}
