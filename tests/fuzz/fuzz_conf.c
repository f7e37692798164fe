/*
 * fuzz_conf - any bytes as a configuration file.
 *
 * Properties: it is taken, and then every value reads back as it is printed; or
 * it is refused with a reason. Includes are cut out: what other files hold is
 * not this input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf/conf.h"
#include "fuzz/fuzz.h"

static void
reads_back(struct conf *c, struct arena *a)
{
	for (size_t i = 0; i < CONF_KEYS; i++) {
		struct str text = conf_text(c, &conf_table[i], a, true), why = STR("");

		if (conf_set(c, conf_table[i].key, text, CONF_FILE, a, &why) != 0 ||
		    !str_eq(conf_text(c, &conf_table[i], a, true), text)) {
			fprintf(stderr, "%s = %.*s: %.*s\n", conf_table[i].key, FSTR(text), FSTR(why));
			abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[64];
	struct conf_source src = { path, NULL, false };
	struct str why = STR("");
	struct arena a;
	struct conf *c;
	int fd;

	if (memmem(p, n, "include", 7) != NULL)
		return 0;
	fd = memfd_create("conf", 0);
	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	arena_init(&a, 4096);
	c = conf_load(&src, &a, &why);
	if (c == NULL && why.n == 0)
		abort();
	if (c != NULL)
		reads_back(c, &a);
	conf_free(&c);
	arena_fini(&a);
	close(fd);
	return 0;
}

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	struct arena a;
	struct buf sample;
	struct str text, line;
	static const char *const more[] = {
		"port = 9000 # x\nlisten = 127.0.0.1, [::1]\n",
		"drain_timeout = 500ms\nmax_body_size=8m\n",
		"http_bearer_token = 'a # b'\ntrust_loopback=No\r\n",
		"database = sqlite:////x\n",
		"prot = 1\n",
		"\n\n=\n",
		"log_level = WARNING\nworkers=0x3\ndurability = process",
		"rate_limit = 99999999999999999999\n",
	};

	arena_init(&a, 4096);
	buf_init(&sample, &a);
	conf_sample(&sample);
	text = buf_flat(&sample);
	while (str_next(&text, '\n', &line))
		if (line.n > 1 && line.p[0] == '#' && line.p[1] >= 'a' && line.p[1] <= 'z')
			put(arg, line.p + 1, line.n - 1);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		put(arg, more[i], strlen(more[i]));
	arena_fini(&a);
}
