/*
 * commit - writes a commit object into the pack, then puts the pack in place and moves the
 * branch.
 *
 * The order is the promise: pack and .keep file are written before the branch names them, and
 * what a crash leaves between the two is removed by the next start.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "archive/group.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "conf/conf.h"

/* A name or address as Git takes it: no angle brackets, no line breaks, not empty. */
static struct str
person(struct arch *a, struct str s, const char *otherwise)
{
	char *out = arena_get(&a->group, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x20 && s.p[i] != '<' && s.p[i] != '>')
			out[n++] = s.p[i];
	s = str_trim((struct str){ out, n });
	return s.n > 0 ? s : str_c(otherwise);
}

int
arch_commit_add(struct arch *a, const struct oid *parent, struct str message, bool even_empty, struct oid *id)
{
	char tree[OID_HEX + 1], hex[OID_HEX + 1];
	struct str who, text;
	struct buf b;

	if (arch_stage_pack(a) != 0)
		return -1;
	trees_write(a->trees, a->pack, &a->root);
	/* The changes cancel each other out and the tree is the one that the tip has: no commit. */
	if (!even_empty && oid_eq(parent, &a->tip) && oid_eq(&a->root, &a->base) && !oid_none(parent)) {
		pack_reset(a->pack);
		return 1;
	}
	oid_hex(&a->root, tree);
	who = arena_printf(&a->group, "%" PRIstr " <%" PRIstr "> %lld +0000",
	    FSTR(person(a, a->conf->git_author_name, "mcp-agent")),
	    FSTR(person(a, a->conf->git_author_email, "mcp-agent@example.com")), (long long)(clock_wall_us() / USEC));
	buf_init(&b, &a->group);
	buf_printf(&b, "tree %s\n", tree);
	if (!oid_none(parent)) {
		oid_hex(parent, hex);
		buf_printf(&b, "parent %s\n", hex);
	}
	buf_printf(&b, "author %" PRIstr "\ncommitter %" PRIstr "\n\n", FSTR(who), FSTR(who));
	buf_str(&b, message);
	text = buf_flat(&b);
	pack_add(a->pack, OBJ_COMMIT, text.p, text.n, id);
	a->commits++;
	return 0;
}

int
arch_commit_land(struct arch *a, const struct oid *to)
{
	char name[PACK_NAME_SIZE];
	const char *dir = repo_packdir(a->repo);

	if (FAULT("archive.before_pack"))
		return arch_error(&a->why, ARCH_AGAIN, "fault before the pack");
	if (pack_write(a->pack, dir, a->sync, to, name, &a->why) != 0)
		return -1;
	pack_reset(a->pack);
	if (FAULT("archive.after_pack") || repo_move(a->repo, oid_none(&a->tip) ? NULL : &a->tip, to, &a->why) != 0) {
		pack_unlink(dir, name);
		if (a->why.kind == ARCH_FINE)
			arch_error(&a->why, ARCH_AGAIN, "fault after the pack");
		return -1;
	}
	(void)FAULT("archive.after_ref");
	a->tip = *to;
	a->base = a->root;
	pack_release(dir, name);
	return 0;
}
