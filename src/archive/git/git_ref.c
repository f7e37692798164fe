/*
 * git_ref - reads where the branch points and moves it, comparing the old value, so that a
 * commit of a person is never lost.
 */
#include <stdio.h>
#include <string.h>

#include "archive/git/git_priv.h"
#include "archive/pack/error.h"

const char *
repo_branch(const struct repo *r)
{
	return r->branch;
}

bool
repo_on_branch(const struct repo *r)
{
	git_reference *head = NULL;
	bool on = false;

	if (git_reference_lookup(&head, r->git, "HEAD") == 0) {
		const char *target = git_reference_symbolic_target(head);

		on = target && strcmp(target, r->branch) == 0;
	}
	git_reference_free(head);
	return on;
}

int
repo_tip(struct repo *r, struct oid *tip, struct arch_error *why)
{
	git_oid g;
	int rc = git_reference_name_to_id(&g, r->git, r->branch);

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc != 0)
		return git_why(why, r->branch, rc);
	memcpy(tip->b, g.id, OID_SIZE);
	return 1;
}

int
repo_move(struct repo *r, const struct oid *from, const struct oid *to, struct arch_error *why)
{
	git_reference *ref = NULL;
	git_oid old, new;
	int rc;

	memcpy(new.id, to->b, OID_SIZE);
	if (from) {
		memcpy(old.id, from->b, OID_SIZE);
		rc = git_reference_create_matching(&ref, r->git, r->branch, &new, 1, &old, NULL);
	} else {
		rc = git_reference_create(&ref, r->git, r->branch, &new, 0, NULL);
	}
	git_reference_free(ref);
	if (rc == GIT_ENOTFOUND || rc == GIT_EEXISTS)
		rc = GIT_EMODIFIED;
	return rc == 0 ? 0 : git_why(why, r->branch, rc);
}
