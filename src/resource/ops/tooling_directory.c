/*
 * resource://tooling/directory - a guide to the tools, for agents that choose
 * (contract/reservations-resources.md 8.5). Words come from directory.def,
 * capabilities from the tools' rows.
 */
#include "resource/formats.h"
#include "resource/resource.h"
#include "resource/ops/stats.h"
#include "store/cx.h"
#include "tool/registry.h"

struct directory_row {
	enum { ROW_GROUP, ROW_ENTRY, ROW_PLAY } kind;
	const char *name, *summary, *use_when, *related, *frequency, *hint, *sample;
};

static const struct directory_row rows[] = {
#define GROUP(name, purpose) { ROW_GROUP, name, purpose, NULL, NULL, NULL, NULL, NULL },
#define ENTRY(tool, ...) { ROW_ENTRY, #tool, __VA_ARGS__ },
#define PLAY(workflow, sequence) { ROW_PLAY, workflow, sequence, NULL, NULL, NULL, NULL, NULL },
#include "resource/directory.def"
#undef GROUP
#undef ENTRY
#undef PLAY
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

static void
write_words(struct jw *out, const char *key, const char *words)
{
	struct str rest = str_c(words), word;

	jw_karr(out, key);
	while (str_next(&rest, ' ', &word))
		jw_str(out, word);
	jw_end(out);
}

static void
write_examples(struct jw *out, const struct directory_row *r)
{
	jw_karr(out, "usage_examples");
	jw_obj(out);
	jw_kcstr(out, "hint", r->hint);
	jw_kcstr(out, "sample", r->sample);
	jw_end(out);
	jw_end(out);
}

static void
write_entry(struct jw *out, const struct directory_row *r)
{
	const struct tool *t = tool_find(str_c(r->name));

	jw_obj(out);
	jw_kcstr(out, "name", r->name);
	jw_kcstr(out, "summary", r->summary);
	jw_kcstr(out, "use_when", r->use_when);
	write_words(out, "related", r->related);
	jw_kcstr(out, "expected_frequency", r->frequency);
	jw_key(out, "required_capabilities");
	stats_write_capabilities(out, t != NULL ? t->capabilities : "");
	write_examples(out, r);
	if (t != NULL) {
		jw_key(out, "capabilities");
		stats_write_capabilities(out, t->capabilities);
		jw_kcstr(out, "complexity", t->complexity != NULL ? t->complexity : "medium");
	}
	jw_end(out);
}

/* The group at rows[i]; returns the row behind it. */
static size_t
write_group(struct jw *out, size_t i)
{
	jw_obj(out);
	jw_kcstr(out, "name", rows[i].name);
	jw_kcstr(out, "purpose", rows[i].summary);
	jw_karr(out, "tools");
	for (i++; i < NROWS && rows[i].kind == ROW_ENTRY; i++)
		write_entry(out, &rows[i]);
	jw_end(out);
	jw_end(out);
	return i;
}

static void
write_plays(struct jw *out, size_t i)
{
	jw_karr(out, "playbooks");
	for (; i < NROWS; i++) {
		jw_obj(out);
		jw_kcstr(out, "workflow", rows[i].name);
		write_words(out, "sequence", rows[i].summary);
		jw_end(out);
	}
	jw_end(out);
}

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	size_t i = 0;

	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	jw_kcstr(out, "metrics_uri", "resource://tooling/metrics");
	formats_write(out);
	jw_karr(out, "clusters");
	while (i < NROWS && rows[i].kind == ROW_GROUP)
		i = write_group(out, i);
	jw_end(out);
	write_plays(out, i);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_directory = {
	.op.name = "tooling_directory_resource",
	.uri = "resource://tooling/directory",
	.op.desc = "What each tool is for, when to use it, and common sequences",
	.op.run = run,
};
