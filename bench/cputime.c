/*
 * cputime - see cputime.h.
 */
#include "cputime.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t
tasks_ns(int pid)
{
	char path[64];
	uint64_t sum = 0, ns;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		char file[96];
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%.16s/schedstat", path, e->d_name);
		f = fopen(file, "r");
		if (f != NULL && fscanf(f, "%lu", &ns) == 1)
			sum += ns;
		if (f != NULL)
			fclose(f);
	}
	if (d != NULL)
		closedir(d);
	return sum;
}

/* The parent, and the time of children that have ended; the kernel keeps that in clock ticks. */
static int
family(int pid, uint64_t *ended_ns)
{
	char path[64], line[512], *p;
	unsigned long user = 0, sys = 0;
	FILE *f;
	int ppid = -1;

	*ended_ns = 0;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	/* The name may hold blanks and brackets: what counts follows the last one. */
	if (fgets(line, sizeof(line), f) != NULL) {
		for (p = line; *p != '\0'; p++)
			if (*p == ')' &&
			    sscanf(p + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu", &ppid, &user,
				&sys) < 1)
				ppid = -1;
	}
	fclose(f);
	*ended_ns = (user + sys) * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
	return ppid;
}

uint64_t
cputime_ns(int pid)
{
	uint64_t sum = tasks_ns(pid), ended;
	struct dirent *e;
	DIR *d = opendir("/proc");

	family(pid, &ended);
	sum += ended;
	while (d != NULL && (e = readdir(d)) != NULL) {
		int child = atoi(e->d_name);

		if (child > 0 && family(child, &ended) == pid)
			sum += cputime_ns(child);
	}
	if (d != NULL)
		closedir(d);
	return sum;
}
