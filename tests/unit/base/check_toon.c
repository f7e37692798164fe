/*
 * The pairs of contract/toon.md 3, and the edges of its rules; tests/wire/toon.sh
 * compares thousands more with the official package.
 */
#include <check.h>

#include "base/toon.h"

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 4096);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static struct str
toon_of(const char *json)
{
	struct jr_error err;
	struct buf out;
	struct jr v;

	ck_assert_msg(jr_parse(&a, str_c(json), &v, &err), "%s: %s", json, err.why);
	buf_init(&out, &a);
	toon_write(v, &out);
	return buf_flat(&out);
}

static const struct pair {
	const char *json, *toon;
} pairs[] = {
	{ "[]", "[]" },
	{ "{\"result\":[]}", "result: []" },
	{ "[{\"id\":41,\"from\":\"BlueLake\",\"subject\":\"Build green again\",\"importance\":\"normal\",\"ack_requ"
	  "ired\":false,\"created_ts\":\"2026-11-21T07:10:09.123456+00:00\",\"thread_id\":\"TKT-7\"},{\"id\":42,\"f"
	  "rom\":\"GreenCastle\",\"subject\":\"Plan, step 2\",\"importance\":\"high\",\"ack_required\":true,\"creat"
	  "ed_ts\":\"2026-11-21T07:10:09+00:00\",\"thread_id\":null}]",
	    "[2]{id,from,subject,importance,ack_required,created_ts,thread_id}:\n  41,BlueLake,Build green again,norm"
	    "al,false,\"2026-11-21T07:10:09.123456+00:00\",TKT-7\n  42,GreenCastle,\"Plan, step 2\",high,true,\"2026-"
	    "11-21T07:10:09+00:00\",null" },
	{ "[{\"id\":41,\"thread_id\":null,\"subject\":\"Hi\",\"ack_required\":false,\"attachments\":[],\"from\":\"B"
	  "lueLake\",\"kind\":\"to\"},{\"id\":42,\"thread_id\":null,\"subject\":\"Re: Hi\",\"ack_required\":false,"
	  "\"attachments\":[],\"from\":\"RedStone\",\"kind\":\"cc\"}]",
	    "[2]:\n  - id: 41\n    thread_id: null\n    subject: Hi\n    ack_required: false\n    attachments: []\n  "
	    "  from: BlueLake\n    kind: to\n  - id: 42\n    thread_id: null\n    subject: \"Re: Hi\"\n    ack_requir"
	    "ed: false\n    attachments: []\n    from: RedStone\n    kind: cc" },
	{ "[{\"id\":1,\"name\":\"BlueLake\"},{\"name\":\"RedStone\",\"id\":2}]",
	    "[2]{id,name}:\n  1,BlueLake\n  2,RedStone" },
	{ "[{\"id\":1,\"from\":\"BlueLake\"},{\"id\":2,\"from\":\"RedStone\",\"from_project\":\"/data/b\"}]",
	    "[2]:\n  - id: 1\n    from: BlueLake\n  - id: 2\n    from: RedStone\n    from_project: /data/b" },
	{ "{\"message_id\":7,\"read\":true,\"read_at\":\"2026-11-21T07:10:09+00:00\"}",
	    "message_id: 7\nread: true\nread_at: \"2026-11-21T07:10:09+00:00\"" },
	{ "{\"message_id\":7,\"acknowledged\":false,\"acknowledged_at\":null,\"note\":\"\"}",
	    "message_id: 7\nacknowledged: false\nacknowledged_at: null\nnote: \"\"" },
	{ "{\"project\":{\"id\":3,\"slug\":\"data-h-alpha\",\"human_key\":\"/data/h/alpha\"},\"linked\":true}",
	    "project:\n  id: 3\n  slug: data-h-alpha\n  human_key: /data/h/alpha\nlinked: true" },
	{ "{\"data\":{},\"items\":[{},{\"id\":1}]}", "data:\nitems[2]:\n  -\n  - id: 1" },
	{ "{}", "" },
	{ "{\"granted\":[{\"id\":5,\"path_pattern\":\"src/**/*.py\",\"exclusive\":true,\"reason\":\"\",\"expires_ts"
	  "\":\"2026-11-21T07:10:09+00:00\"}],\"conflicts\":[]}",
	    "granted[1]{id,path_pattern,exclusive,reason,expires_ts}:\n  5,src/**/*.py,true,\"\",\"2026-11-21T07:10:0"
	    "9+00:00\"\nconflicts: []" },
	{ "{\"granted\":[],\"conflicts\":[{\"path\":\"src/a.py\",\"holders\":[{\"agent\":\"BlueLake\",\"path_patter"
	  "n\":\"src/**\",\"exclusive\":true,\"expires_ts\":\"2026-11-21T07:10:09+00:00\"}]},{\"path\":\"docs/**\","
	  "\"holders\":[{\"agent\":\"RedStone\",\"path_pattern\":\"docs/*\",\"exclusive\":false,\"expires_ts\":\"20"
	  "26-11-21T07:10:09+00:00\"}]}]}",
	    "granted: []\nconflicts[2]:\n  - path: src/a.py\n    holders[1]{agent,path_pattern,exclusive,expires_ts}:"
	    "\n      BlueLake,src/**,true,\"2026-11-21T07:10:09+00:00\"\n  - path: docs/**\n    holders[1]{agent,path"
	    "_pattern,exclusive,expires_ts}:\n      RedStone,docs/*,false,\"2026-11-21T07:10:09+00:00\"" },
	{ "{\"ids\":[1,2,30],\"flags\":[true,false,null],\"mixed\":[\"a\",1,null]}",
	    "ids[3]: 1,2,30\nflags[3]: true,false,null\nmixed[3]: a,1,null" },
	{ "{\"to\":[\"BlueLake\",\"Blue, Lake\",\"project:web#RedStone\",\"@all\",\"#chan\",\"-x\",\"\"]}",
	    "to[7]: BlueLake,\"Blue, Lake\",\"project:web#RedStone\",@all,\"#chan\",\"-x\",\"\"" },
	{ "{\"pairs\":[[\"BlueLake\",1],[],[\"RedStone\",2]]}",
	    "pairs[3]:\n  - [2]: BlueLake,1\n  - [0]:\n  - [2]: RedStone,2" },
	{ "{\"items\":[\"text\",7,null,{\"a\":1,\"b\":[1,2]},[{\"id\":1},{\"id\":2}],[]]}",
	    "items[6]:\n  - text\n  - 7\n  - null\n  - a: 1\n    b[2]: 1,2\n  - [2]:\n    - id: 1\n    - id: 2\n  - ["
	    "0]:" },
	{ "{\"threads\":[{\"messages\":[{\"id\":1,\"from\":\"BlueLake\"},{\"id\":2,\"from\":\"RedStone\"}],\"thread"
	  "_id\":\"T-1\"}]}",
	    "threads[1]:\n  - messages[2]{id,from}:\n      1,BlueLake\n      2,RedStone\n    thread_id: T-1" },
	{ "[{\"sender\":{\"id\":1,\"tags\":[\"x\"]},\"n\":2}]",
	    "[1]:\n  - sender:\n      id: 1\n      tags[1]: x\n    n: 2" },
	{ "[{\"id\":1,\"sender\":{\"name\":\"BlueLake\",\"id\":4},\"n\":0},{\"id\":2,\"sender\":{\"name\":\"RedSton"
	  "e\",\"id\":5},\"n\":1}]",
	    "[2]{id,sender{name,id},n}:\n  1,BlueLake,4,0\n  2,RedStone,5,1" },
	{ "[{\"id\":1,\"sender\":{\"name\":\"BlueLake\"}},{\"id\":2,\"sender\":null}]",
	    "[2]:\n  - id: 1\n    sender:\n      name: BlueLake\n  - id: 2\n    sender: null" },
	{ "{\"request\":{\"from\":\"BlueLake\",\"to\":\"RedStone\",\"status\":\"approved\",\"expires_ts\":\"2026-11"
	  "-21T07:10:09+00:00\"},\"response\":{\"from\":\"BlueLake\",\"to\":\"RedStone\",\"status\":\"approved\",\""
	  "expires_ts\":\"2026-11-21T07:10:09+00:00\"}}",
	    "[2:]{from,to,status,expires_ts}:\n  request: BlueLake,RedStone,approved,\"2026-11-21T07:10:09+00:00\"\n "
	    " response: BlueLake,RedStone,approved,\"2026-11-21T07:10:09+00:00\"" },
	{ "{\"generated_at\":\"2026-11-21T07:10:09+00:00\",\"limits\":{\"send\":{\"rate\":60,\"burst\":10},\"read\""
	  ":{\"rate\":120,\"burst\":20}}}",
	    "generated_at: \"2026-11-21T07:10:09+00:00\"\nlimits[2:]{rate,burst}:\n  send: 60,10\n  read: 120,20" },
	{ "{\"limits\":{\"send\":{\"rate\":60,\"burst\":10}}}", "limits:\n  send:\n    rate: 60\n    burst: 10" },
	{ "{\"body_md\":\"# Plan\\n\\n- step 1\\r\\n\\tsay \\\"hi\\\" \\\\o/\"}",
	    "body_md: \"# Plan\\n\\n- step 1\\r\\n\\tsay \\\"hi\\\" \\\\o/\"" },
	{ "{\"subject\":\"Re: build\",\"reason\":\"edit a, b\",\"url\":\"http://127.0.0.1:8765/mcp\"}",
	    "subject: \"Re: build\"\nreason: \"edit a, b\"\nurl: \"http://127.0.0.1:8765/mcp\"" },
	{ "{\"a\":\"42\",\"b\":\"-3.5\",\"c\":\"007\",\"d\":\"1e6\",\"e\":\"+5\",\"f\":\"true\",\"g\":\"null\",\"h"
	  "\":\".5\",\"i\":\"0x10\",\"j\":\"True\",\"k\":\"12 h\"}",
	    "a: \"42\"\nb: \"-3.5\"\nc: \"007\"\nd: \"1e6\"\ne: \"+5\"\nf: \"true\"\ng: \"null\"\nh: .5\ni: 0x10\nj: "
	    "True\nk: 12 h" },
	{ "{\"a\":\" lead\",\"b\":\"trail \",\"c\":\"in ner\",\"d\":\" \",\"e\":\"\\u00a0nbsp\"}",
	    "a: \" lead\"\nb: \"trail \"\nc: in ner\nd: \" \"\ne: \302\240nbsp" },
	{ "{\"a\":\"[x]\",\"b\":\"{y}\",\"c\":\"#1\",\"d\":\"a#1\",\"e\":\"- x\",\"f\":\"a-b\",\"g\":\"a|b\"}",
	    "a: \"[x]\"\nb: \"{y}\"\nc: \"#1\"\nd: a#1\ne: \"- x\"\nf: a-b\ng: a|b" },
	{ "{\"name\":\"Zo\303\253 \360\237\216\211 \346\227\245\346\234\254\350\252\236\",\"combining\":\"e\\u0301"
	  "\",\"arrow\":\"A \342\206\222 B\"}",
	    "name: Zo\303\253 \360\237\216\211 \346\227\245\346\234\254\350\252\236\ncombining: e\314\201\narrow: A "
	    "\342\206\222 B" },
	{ "{\"a\":\"\\u0000\",\"b\":\"\\u001b[0m\",\"c\":\"\\u007f\",\"d\":\"\\u2028\"}",
	    "a: \"\\u0000\"\nb: \"\\u001b[0m\"\nc: \177\nd: \342\200\250" },
	{ "{\"x-agent\":1,\"9k\":2,\"\":3,\"a b\":4,\"\303\274\":5,\"a.b\":6,\"_ok\":7,\"/data/h\":[\"A\",\"B\"]}",
	    "\"x-agent\": 1\n\"9k\": 2\n\"\": 3\n\"a b\": 4\n\"\303\274\": 5\na.b: 6\n_ok: 7\n\"/data/h\"[2]: A,B" },
	{ "{\"/data/h\":[{\"id\":1,\"from-agent\":\"A\"},{\"id\":2,\"from-agent\":\"B\"}]}",
	    "\"/data/h\"[2]{id,\"from-agent\"}:\n  1,A\n  2,B" },
	{ "{\"a\":1,\"b\":-7,\"c\":1.5,\"d\":0.1,\"e\":1000000,\"f\":1e+21,\"g\":0.000001,\"h\":1e-7,\"j\":0,\"k\":"
	  "9007199254740991}",
	    "a: 1\nb: -7\nc: 1.5\nd: 0.1\ne: 1000000\nf: 1e+21\ng: 0.000001\nh: 1e-7\nj: 0\nk: 9007199254740991" },
	{ "\"Build: green\"", "\"Build: green\"" },
	{ "42", "42" },
	{ "{\"data\":{\"meta\":{\"n\":1}}}", "data:\n  meta:\n    n: 1" },
	/* Numbers at the edges. */
	{ "[-0.0,1.0,1e20,1.5e300,5e-324,1e-6,9.5e-7,100]",
	    "[8]: 0,1,100000000000000000000,1.5e+300,5e-324,0.000001,9.5e-7,100" },
	{ "[0.30000000000000004,4.35,123.456,-9223372036854775808]",
	    "[4]: 0.30000000000000004,4.35,123.456,-9223372036854775808" },
	/* Roots. */
	{ "null", "null" },
	{ "\"\"", "\"\"" },
	{ "\"\357\273\277x\"", "\"\357\273\277x\"" },
	{ "{\"a\":{\"x\":1},\"b\":{\"x\":2}}", "[2:]{x}:\n  a: 1\n  b: 2" },
	{ "[[[1]],[{\"a\":1}]]", "[2]:\n  - [1]:\n    - [1]: 1\n  - [1]:\n    - a: 1" },
};

START_TEST(pairs_hold)
{
	struct str got = toon_of(pairs[_i].json);

	ck_assert_msg(str_eqc(got, pairs[_i].toon), "%s\ngot:\n%.*s\nwanted:\n%s", pairs[_i].json, (int)got.n, got.p,
	    pairs[_i].toon);
}
END_TEST

/* No number, no word and nothing that a reader would split stays bare. */
START_TEST(quoted_or_bare)
{
	static const char *const quoted[] = { "+5", "-", "1e5", "1.5E-3", "007", "a:", "a,b", "[", "}", " a", "a\\t",
		"#", "null" };
	static const char *const bare[] = { "1.", ".5", "1e", "1_0", "NULL", "a-b", "a#", "a b", "|", "++5", "1.5.2" };

	for (size_t i = 0; i < sizeof(quoted) / sizeof(quoted[0]); i++)
		ck_assert_msg(toon_of(arena_printf(&a, "\"%s\"", quoted[i]).p).p[0] == '"', "%s", quoted[i]);
	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
		ck_assert_msg(str_eqc(toon_of(arena_printf(&a, "\"%s\"", bare[i]).p), bare[i]), "%s", bare[i]);
}
END_TEST

Suite *suite_toon(void);
Suite *
suite_toon(void)
{
	Suite *s = suite_create("toon");
	TCase *tc = tcase_create("toon");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, pairs_hold, 0, (int)(sizeof(pairs) / sizeof(pairs[0])));
	tcase_add_test(tc, quoted_or_bare);
	suite_add_tcase(s, tc);
	return s;
}
