#include "support/people.h"

#include <check.h>
#include <string.h>

#include "store/cx.h"

struct project
people_project(struct fixture *f, const char *human_key)
{
	struct project p;

	ck_assert_int_eq(project_ensure(fixture_again(f), str_c(human_key), PROJECT_OR_NAME, &p, NULL), 0);
	return p;
}

struct agent
people_agent(struct fixture *f, const struct project *p, const char *name, const char *policy)
{
	struct agent_registration in = { .project = p,
		.name = str_c(name),
		.program = STR("prog"),
		.model = STR("mod"),
		.task_description = STR("") };
	struct agent a;

	if (agent_lookup_exact(fixture_again(f), p->id, in.name, &a) == 0) {
		ck_assert_int_eq(agent_create_named(fixture_again(f), &in, &a), 0);
		fixture_sql(f,
		    arena_cstr(&f->arena,
			arena_printf(&f->arena, "UPDATE agents SET contact_policy = '%s' WHERE id = %lld", policy,
			    (long long)a.id)));
	}
	return people_again(f, &a);
}

struct agent
people_again(struct fixture *f, const struct agent *a)
{
	struct agent now;

	ck_assert_int_eq(agent_by_id(fixture_again(f), a->id, &now), 1);
	return now;
}

void
people_pair(struct fixture *f, const char *human_key, const char *policy, struct project *p, struct agent *lake,
    struct agent *castle)
{
	fixture_init(f);
	*p = people_project(f, human_key);
	*lake = people_agent(f, p, "BlueLake", policy);
	*castle = people_agent(f, p, "GreenCastle", policy);
}

int64_t
people_letter(struct fixture *f, const struct project *p, const struct agent *from, const struct agent *to,
    enum recipient_kind kind, struct outgoing letter)
{
	struct recipient recipient = { to->id, to->name, kind };
	struct project home;
	struct delivery d;

	ck_assert_int_eq(project_by_id(fixture_again(f), from->project_id, &home), 1);
	letter.project = p;
	letter.sender = from;
	letter.sender_project = &home;
	letter.recipients = &recipient;
	letter.nrecipients = 1;
	if (!letter.subject.p)
		letter.subject = STR("S");
	if (!letter.body_md.p)
		letter.body_md = STR("B");
	if (!letter.importance.p)
		letter.importance = STR("normal");
	ck_assert_int_eq(deliver(fixture_again(f), &letter, &d), 0);
	ck_assert_int_eq(d.blocks.n, 0);
	return d.id;
}

int64_t
people_mail(
    struct fixture *f, const struct project *p, const struct agent *from, const struct agent *to, const char *subject)
{
	return people_letter(f, p, from, to, RECIPIENT_TO, (struct outgoing){ .subject = str_c(subject) });
}
