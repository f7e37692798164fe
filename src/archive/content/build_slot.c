/*
 * build_slot - writes build slots as files of the work tree, which are never committed
 * (contract/reservations-resources.md 6).
 *
 * The database is what counts; the files are for people and for programs of the
 * reference. A bare archive has none.
 */
#include "archive/content/build_slot.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/content/mail.h"
#include "archive/pack/error.h"
#include "conf/conf.h"
#include "store/archive_payload.h"

/* Makes the directories above the last '/' of path; 0 or -1 with errno. */
static int
make_parents(char *path, size_t from)
{
	for (char *p = path + from; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

static int
replace_file(const char *path, struct str bytes)
{
	char tmp[PATH_MAX];
	FILE *f;
	bool ok;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.new", path) >= sizeof(tmp) || (f = fopen(tmp, "we")) == NULL)
		return -1;
	ok = fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
	ok = fclose(f) == 0 && ok;
	return ok ? rename(tmp, path) : -1;
}

int
build_slot_write(struct arena *a, const struct conf *conf, struct str slug, struct jr payload, struct arch_error *why)
{
	struct build_slot_read in;
	char path[PATH_MAX];

	build_slot_payload_read(a, payload, &in);
	if (!arch_name_ok(in.dir) || !arch_name_ok(in.file))
		return arch_error(why, ARCH_POISON, "build slot \"%" PRIstr "\" cannot be a file name", FSTR(in.dir));
	if (!conf->archive_worktree)
		return 0;
	if ((size_t)snprintf(path, sizeof(path), "%" PRIstr "/projects/%" PRIstr "/build_slots/%" PRIstr "/%" PRIstr,
		FSTR(conf->storage_root), FSTR(slug), FSTR(in.dir), FSTR(in.file)) >= sizeof(path))
		return arch_error(why, ARCH_POISON, "build slot: the path is too long");
	if (make_parents(path, conf->storage_root.n + 1) == 0 && replace_file(path, in.lease) == 0)
		return 0;
	return arch_error(why, ARCH_AGAIN, "%s: %s", path, strerror(errno));
}
