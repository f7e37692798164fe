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
#include "proc/role.h"

/* `what` asks for the account. */
static int
find_user(struct str user, const char *what, struct account *out, struct arena *a, struct str *why)
{
	struct passwd *pw = getpwnam(arena_cstr(a, user));

	if (pw == NULL) {
		*why = arena_printf(a, "%s: there is no account \"%" PRIstr "\"", what, FSTR(user));
		return -1;
	}
	out->set = true;
	out->uid = pw->pw_uid;
	out->gid = pw->pw_gid;
	snprintf(out->name, sizeof(out->name), "%s", pw->pw_name);
	return 0;
}

int
account_find(const struct conf *c, struct account *out, struct arena *a, struct str *why)
{
	struct group *gr;

	memset(out, 0, sizeof(*out));
	if (geteuid() != 0 || c->user.n == 0)
		return 0;
	if (find_user(c->user, "user", out, a, why) != 0)
		return -1;
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
account_find_role(const struct conf *c, const struct role *role, struct account *out, struct arena *a, struct str *why)
{
	struct str user = role->user != NULL ? role->user(c) : STR_NONE;

	if (user.n == 0)
		return account_find(c, out, a, why);
	memset(out, 0, sizeof(*out));
	return geteuid() != 0 ? 0 : find_user(user, role->name, out, a, why);
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
