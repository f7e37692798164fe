/*
 * conf_load - builds a whole configuration: defaults, file with includes,
 * environment, options; then what is derived. Nothing that runs is touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/likeness.h"
#include "base/log.h"
#include "base/path.h"
#include "conf/conf.h"

#define FILE_MAX_BYTES (1 << 20)
#define INCLUDE_DEPTH 8
#define INSTALLED_FILE "/etc/agentmail/agentmail.conf"

struct load {
	struct conf *c;
	struct arena *a;
	struct str *why;
	int depth;
};

/* Programs of a package live in bin or sbin, those of a source tree in its build directory (decision 1.2). */
static bool
is_installed(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct str dir = { exe, n > 0 ? (size_t)n : 0 };

	while (dir.n > 0 && dir.p[dir.n - 1] != '/')
		dir.n--;
	return str_ends(dir, STR("/bin/")) || str_ends(dir, STR("/sbin/"));
}

static const char *
nearest_key(struct str key)
{
	const char *names[CONF_KEYS];
	ptrdiff_t i;

	for (size_t k = 0; k < CONF_KEYS; k++)
		names[k] = conf_table[k].key;
	i = str_nearest(key, names, CONF_KEYS, 0.6);
	return i < 0 ? NULL : names[i];
}

static void
set_default(struct load *l, size_t i)
{
	if (conf_set(l->c, conf_table[i].key, str_c(conf_table[i].def), CONF_DEFAULT, l->a, l->why) != 0)
		log_panic("conf.def: %.*s", FSTR(*l->why));
}

/* One assignment; `where` is "file:line" or "-o". */
static int
assign(struct load *l, const char *where, struct str key, struct str value, enum conf_origin origin)
{
	const char *near;
	struct str why;

	if (conf_find(key) == NULL) {
		near = nearest_key(key);
		*l->why =
		    arena_printf(l->a, "%s: unknown setting '%.*s'%s%s%s; `agentmail conf defaults` lists all of them",
			where, FSTR(key), near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
		return -1;
	}
	if (conf_set(l->c, arena_cstr(l->a, key), value, origin, l->a, &why) == 0)
		return 0;
	*l->why = arena_printf(l->a, "%s: %.*s", where, FSTR(why));
	return -1;
}

static int read_file(struct load *l, const char *path);

static int
include(struct load *l, const char *where, const char *from, struct str pattern)
{
	const char *slash = strrchr(from, '/');
	char *full = arena_cstr(l->a, pattern);
	glob_t found;
	int rc = 0;

	if (pattern.n > 0 && pattern.p[0] != '/' && slash != NULL)
		full = arena_cstr(l->a, arena_printf(l->a, "%.*s/%.*s", (int)(slash - from), from, FSTR(pattern)));
	if (l->depth >= INCLUDE_DEPTH) {
		*l->why = arena_printf(l->a, "%s: includes are nested more than %d deep", where, INCLUDE_DEPTH);
		return -1;
	}
	if (glob(full, GLOB_ERR, NULL, &found) == GLOB_NOMATCH && strpbrk(full, "*?[") == NULL) {
		*l->why = arena_printf(l->a, "%s: include: no such file: %s", where, full);
		return -1;
	}
	l->depth++;
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
		rc = read_file(l, found.gl_pathv[i]);
	l->depth--;
	globfree(&found);
	return rc;
}

/* Cuts a comment: '#' at the start or after white space, outside quotes. */
static struct str
without_comment(struct str line)
{
	char quote = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '#' && (i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			return str_sub(line, 0, i);
	}
	return line;
}

static struct str
unquoted(struct str v)
{
	if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
		return str_sub(v, 1, v.n - 2);
	return v;
}

static int
read_line(struct load *l, const char *path, int number, struct str line)
{
	char *where = arena_cstr(l->a, arena_printf(l->a, "%s:%d", path, number));
	struct str key, value;
	ptrdiff_t eq;

	line = str_trim(without_comment(line));
	if (line.n == 0)
		return 0;
	eq = str_chr(line, '=');
	if (eq < 0) {
		*l->why = arena_printf(l->a, "%s: '%.*s': expected key = value", where, FSTR(line));
		return -1;
	}
	key = str_trim(str_sub(line, 0, (size_t)eq));
	value = unquoted(str_trim(str_sub(line, (size_t)eq + 1, line.n)));
	if (str_eqc(key, "include"))
		return include(l, where, path, value);
	return assign(l, where, key, value, CONF_FILE);
}

static bool
slurp(const char *path, struct arena *a, struct str *text, struct str *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = arena_get(a, FILE_MAX_BYTES + 1);
	size_t n = 0;
	ssize_t got = fd < 0 ? -1 : 0;

	while (fd >= 0 && n <= FILE_MAX_BYTES && (got = read(fd, p + n, FILE_MAX_BYTES + 1 - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		*why = arena_printf(a, "%s: cannot read: %s", path, strerror(errno));
	else if (n > FILE_MAX_BYTES)
		*why = arena_printf(a, "%s: longer than %d bytes: not a configuration", path, FILE_MAX_BYTES);
	if (fd >= 0)
		close(fd);
	*text = (struct str){ p, n };
	return got >= 0 && n <= FILE_MAX_BYTES;
}

static int
read_file(struct load *l, const char *path)
{
	struct str text, line;
	int rc = 0;

	if (!slurp(path, l->a, &text, l->why))
		return -1;
	if (memchr(text.p, '\0', text.n) != NULL) {
		*l->why = arena_printf(l->a, "%s: holds a NUL byte: not a configuration", path);
		return -1;
	}
	for (int number = 1; rc == 0 && str_next(&text, '\n', &line); number++)
		rc = read_line(l, path, number, line);
	return rc;
}

static int
read_main_file(struct load *l, const char *file)
{
	char *real;

	if (file == NULL && (!l->c->installed || access(INSTALLED_FILE, F_OK) != 0))
		return 0;
	if (file == NULL)
		file = INSTALLED_FILE;
	real = realpath(file, NULL);
	l->c->file = arena_dup(&l->c->arena, str_c(real != NULL ? real : file));
	free(real);
	return read_file(l, l->c->file.p);
}

/* Empty variables count as absent, as in the reference. */
static int
read_environment(struct load *l)
{
	for (size_t i = 0; i < CONF_KEYS; i++) {
		struct str names = arena_printf(l->a, "%s AGENTMAIL_%.*s", conf_table[i].env,
			       FSTR(str_upper(l->a, str_c(conf_table[i].key)))),
			   name;

		while (str_next(&names, ' ', &name)) {
			const char *value = name.n > 0 ? getenv(arena_cstr(l->a, name)) : NULL;
			char *where = arena_cstr(l->a, arena_printf(l->a, "environment %.*s", FSTR(name)));

			if (value == NULL || value[0] == '\0')
				continue;
			if (assign(l, where, str_c(conf_table[i].key), str_c(value), CONF_ENV) != 0)
				return -1;
		}
	}
	return 0;
}

static int
read_options(struct load *l, const char *const *options)
{
	for (; options != NULL && *options != NULL; options++) {
		struct str o = str_c(*options);
		ptrdiff_t eq = str_chr(o, '=');

		if (eq < 0) {
			*l->why = arena_printf(l->a, "-o %s: expected key=value", *options);
			return -1;
		}
		if (assign(l, "-o", str_trim(str_sub(o, 0, (size_t)eq)), str_sub(o, (size_t)eq + 1, o.n),
			CONF_OPTION) != 0)
			return -1;
	}
	return 0;
}

static struct str
absolute(struct conf *c, struct str path)
{
	char cwd[4096], *real;
	const char *home = getenv("HOME");
	struct str out;

	/* Values of .env files have been through no shell. */
	if (str_starts(path, STR("~/")) && home != NULL && home[0] == '/')
		path = arena_printf(&c->arena, "%s%.*s", home, FSTR(str_sub(path, 1, path.n)));
	if (path.n > 0 && path.p[0] == '/')
		return path_norm(&c->arena, path);
	real = getcwd(cwd, sizeof(cwd));
	out = arena_printf(&c->arena, "%s/%.*s", real != NULL ? real : "", FSTR(path));
	return path_norm(&c->arena, out);
}

static void
derive(struct conf *c, struct str *path, struct str installed, const char *name)
{
	if (path->n > 0)
		*path = absolute(c, *path);
	else if (c->installed && c->origin[CONF_KEY_state_dir] == CONF_DEFAULT && installed.n > 0)
		*path = installed;
	else
		*path = arena_printf(&c->arena, "%.*s/%s", FSTR(c->state_dir), name);
}

/* sqlite:///rel, sqlite:////abs and sqlite+driver:/// forms of DATABASE_URL; anything else with :// is refused. */
static int
database_url(struct load *l)
{
	struct str url = l->c->database;
	ptrdiff_t at = str_find(url, STR("://")), mark;

	if (at < 0)
		return 0;
	if (!str_starts(url, STR("sqlite")) || str_sub(url, (size_t)at + 3, 1).n == 0 || url.p[at + 3] != '/') {
		*l->why =
		    arena_printf(l->a, "database: only sqlite:///path is understood; the database is always SQLite");
		return -1;
	}
	url = str_sub(url, (size_t)at + 4, url.n);
	if ((mark = str_chr(url, '?')) >= 0)
		url = str_sub(url, 0, (size_t)mark);
	if (url.n == 0 || str_eqc(url, ":memory:")) {
		*l->why = arena_printf(l->a, "database: a file is needed: several processes share it");
		return -1;
	}
	l->c->database = url;
	return 0;
}

/* Where other programs of the same account look; a daemon of the system keeps its own. */
static void
derive_panes(struct conf *c)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (c->pane_identity_dir.n == 0 && !c->installed && config != NULL && config[0] == '/')
		c->pane_identity_dir = arena_printf(&c->arena, "%s/agent-mail/identity", config);
	else if (c->pane_identity_dir.n == 0 && !c->installed && home != NULL && home[0] == '/')
		c->pane_identity_dir = arena_printf(&c->arena, "%s/.config/agent-mail/identity", home);
	else
		derive(c, &c->pane_identity_dir, STR_NONE, "pane-identity");
}

/* Where the hooks of the reference look. */
static void
derive_signals(struct conf *c)
{
	const char *home = getenv("HOME");

	if (c->notifications_signals_dir.n == 0 && !c->installed && home != NULL && home[0] == '/')
		c->notifications_signals_dir = STR("~/.mcp_agent_mail/signals");
	derive(c, &c->notifications_signals_dir, STR_NONE, "signals");
}

static int
finish(struct load *l)
{
	struct conf *c = l->c;

	if (database_url(l) != 0)
		return -1;
	if (c->mcp_path.n > 0 && c->mcp_path.p[0] != '/') {
		*l->why = arena_printf(l->a, "mcp_path: '%.*s': expected a path that begins with /", FSTR(c->mcp_path));
		return -1;
	}
	if (c->installed && c->origin[CONF_KEY_state_dir] == CONF_DEFAULT)
		c->state_dir = STR("/var/lib/agentmail");
	c->state_dir = absolute(c, c->state_dir);
	derive(c, &c->database, STR_NONE, "agentmail.db");
	derive(c, &c->storage_root, STR_NONE, "archive");
	derive_panes(c);
	derive_signals(c);
	derive(c, &c->pid_file, STR("/run/agentmail/agentmaild.pid"), "agentmaild.pid");
	derive(c, &c->control_socket, STR("/run/agentmail/control.sock"), "control.sock");
	if (c->log_file.n > 0 && !str_eqc(c->log_file, "stderr"))
		c->log_file = absolute(c, c->log_file);
	return 0;
}

static struct conf *
conf_new(struct load *l)
{
	struct conf *c = calloc(1, sizeof(*c));

	if (c == NULL)
		log_fatal(71, "out of memory: configuration");
	arena_init(&c->arena, 8192);
	l->c = c;
	for (size_t i = 0; i < CONF_KEYS; i++)
		set_default(l, i);
	return c;
}

struct conf *
conf_load(const struct conf_source *src, struct arena *a, struct str *why)
{
	struct load l = { NULL, a, why, 0 };
	struct conf *c = conf_new(&l);

	c->installed = is_installed();
	if (read_main_file(&l, src->file) != 0 || (src->environment && read_environment(&l) != 0) ||
	    read_options(&l, src->options) != 0 || finish(&l) != 0)
		conf_free(&c);
	return c;
}

struct conf *
conf_for_tests(const char *dir)
{
	struct arena a;
	struct str why;
	struct load l = { NULL, &a, &why, 0 };
	struct conf *c;

	arena_init(&a, 1024);
	c = conf_new(&l);
	c->state_dir = arena_dup(&c->arena, str_c(dir));
	c->pane_identity_dir = arena_printf(&c->arena, "%s/pane-identity", dir);
	c->notifications_signals_dir = arena_printf(&c->arena, "%s/signals", dir);
	if (finish(&l) != 0)
		log_panic("conf_for_tests: %.*s", FSTR(why));
	arena_fini(&a);
	return c;
}

void
conf_free(struct conf **c)
{
	if (*c == NULL)
		return;
	arena_fini(&(*c)->arena);
	free(*c);
	*c = NULL;
}
