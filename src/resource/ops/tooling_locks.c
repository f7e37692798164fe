/*
 * resource://tooling/locks - lock files of the archive in the reference's shape
 * (contract/reservations-resources.md 9.6). This daemon makes none: one archiver
 * owns the repository by a kernel lock, which nobody can leave behind. So the
 * list is empty by construction, and stays so while the archiver works.
 */
#include "resource/resource.h"
#include "store/cx.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	static const char *const counts[] = { "total", "active", "stale", "metadata_missing" };

	jw_obj(out);
	jw_karr(out, "locks");
	jw_end(out);
	jw_kobj(out, "summary");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		jw_kint(out, counts[i], 0);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_locks = {
	.op.name = "tooling_locks_resource",
	.uri = "resource://tooling/locks",
	.op.desc = "Lock files of the archive: always none, the archive is locked by the kernel",
	.op.run = run,
};
