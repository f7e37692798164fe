/*
 * fault - reads AGENTMAIL_FAULT at the first hit and counts hits of each fault.
 *
 * It is linked into every build and called only where FAULTS is defined: a build for users has no
 * fault point.
 */
#include "base/fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAULTS_MAX 8

struct fault {
	char name[48];
	int at, hits;
	char action[8];
};

static struct {
	bool read;
	int n;
	struct fault v[FAULTS_MAX];
} faults;

static void
read_environment(void)
{
	const char *p = getenv("AGENTMAIL_FAULT");

	faults.read = true;
	faults.n = 0;
	while (p && *p && faults.n < FAULTS_MAX) {
		struct fault *f = &faults.v[faults.n];

		memset(f, 0, sizeof(*f));
		if (sscanf(p, "%47[^:,]:%d:%7[a-z]", f->name, &f->at, f->action) == 3)
			faults.n++;
		p = strchr(p, ',');
		p = p ? p + 1 : NULL;
	}
}

static bool
act(const char *action)
{
	if (strcmp(action, "kill") == 0)
		raise(SIGKILL);
	if (strcmp(action, "exit") == 0)
		_exit(99);
	if (strcmp(action, "sleep") == 0)
		sleep(10);
	return strcmp(action, "fail") == 0;
}

bool
fault_hit(const char *name)
{
	bool failed = false;

	if (!faults.read)
		read_environment();
	for (int i = 0; i < faults.n; i++) {
		struct fault *f = &faults.v[i];

		if (strcmp(f->name, name) == 0 && ++f->hits == f->at && act(f->action))
			failed = true;
	}
	return failed;
}

void
fault_reset(void)
{
	faults.read = false;
}
