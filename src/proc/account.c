/*
 * account - looks the account up before fork (name services may be slow), drops
 * to it after. Used by master (directories, sockets) and role.
 */
#include "proc/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"

int
account_find(const struct conf *c, struct account *out, struct arena *a, struct str *why)
{
	struct passwd *pw;
	struct group *gr;

	memset(out, 0, sizeof(*out));
	if (geteuid() != 0 || c->user.n == 0)
		return 0;
	pw = getpwnam(arena_cstr(a, c->user));
	if (pw == NULL) {
		*why = arena_printf(a, "user: there is no account \"%" PRIstr "\"", FSTR(c->user));
		return -1;
	}
	out->set = true;
	out->uid = pw->pw_uid;
	out->gid = pw->pw_gid;
	snprintf(out->name, sizeof(out->name), "%s", pw->pw_name);
	if (c->group.n == 0)
		return 0;
	gr = getgrnam(arena_cstr(a, c->group));
	if (gr == NULL) {
		*why = arena_printf(a, "group: there is no group \"%" PRIstr "\"", FSTR(c->group));
		return -1;
	}
	out->gid = gr->gr_gid;
	return 0;
}

int
account_become(const struct account *acc)
{
	if (acc->set && (initgroups(acc->name, acc->gid) != 0 || setgid(acc->gid) != 0 || setuid(acc->uid) != 0))
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	/* A change of account forbids core files; ours hold nothing that the account may not read. */
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int
make_one(const struct account *acc, const char *path)
{
	if (mkdir(path, 0750) != 0)
		return errno == EEXIST ? 0 : -1;
	return acc->set ? chown(path, acc->uid, acc->gid) : 0;
}

int
account_directory(const struct account *acc, const char *key, struct str path, struct arena *a, struct str *why)
{
	char *p = arena_cstr(a, path);
	struct stat st;

	for (char *slash = strchr(p + (p[0] != '\0'), '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (stat(p, &st) != 0 && make_one(acc, p) != 0)
			break;
		*slash = '/';
	}
	if (make_one(acc, p) == 0 && stat(p, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	*why = arena_printf(a, "%s: cannot make the directory %s: %s", key, p,
	    errno == 0 || errno == EEXIST ? "something else has the name" : strerror(errno));
	return -1;
}

int
account_directory_of(const struct account *acc, const char *key, struct str file, struct arena *a, struct str *why)
{
	while (file.n > 0 && file.p[file.n - 1] != '/')
		file.n--;
	while (file.n > 1 && file.p[file.n - 1] == '/')
		file.n--;
	return file.n == 0 ? 0 : account_directory(acc, key, file, a, why);
}
