/*
 * people - projects and agents for tests of mail, made straight in the database.
 */
#ifndef SUPPORT_PEOPLE_H
#define SUPPORT_PEOPLE_H

#include "mail/agent/agent.h"
#include "mail/message/deliver.h"
#include "mail/project/project.h"
#include "support/fixture.h"

/* Makes the project (slug from the key), or finds it. */
struct project people_project(struct fixture *f, const char *human_key);
/* Makes the agent with this contact policy, or finds it as it is. */
struct agent people_agent(struct fixture *f, const struct project *p, const char *name, const char *policy);
/* The agent as it is now. */
struct agent people_again(struct fixture *f, const struct agent *a);

/* What most tests of mail begin with: a new fixture, and in it a project of BlueLake and GreenCastle. */
void people_pair(struct fixture *f, const char *human_key, const char *policy, struct project *p, struct agent *lake,
    struct agent *castle);

/* A message from one to one, delivered without asking anybody; returns its id. */
int64_t people_mail(
    struct fixture *f, const struct project *p, const struct agent *from, const struct agent *to, const char *subject);
/* The same with all of the letter; project, sender and recipients are filled here. */
int64_t people_letter(struct fixture *f, const struct project *p, const struct agent *from, const struct agent *to,
    enum recipient_kind kind, struct outgoing letter);

#endif
