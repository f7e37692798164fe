/*
 * ctl - `agentmail ctl`: one word to the master's control socket, its answer
 * printed (master/control.h describes the protocol: a line in, text until the end).
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/json_read.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "conf/conf.h"

#define ANSWER_TIMEOUT_S 120

const char ctl_args[] =
#define QUERY(word, help, manual) #word
#define SIGNAL(name, flag, help)
#define CONTROL(name, word, flag, help, manual) "|" #word
#include "ipc/control.def"
    ;
#undef QUERY
#undef SIGNAL
#undef CONTROL

const struct ctl_word ctl_words[] = {
#define QUERY(word, help, manual) { #word, NULL, help, manual },
#define SIGNAL(name, flag, help)
#define CONTROL(name, word, flag, help, manual) { #word, "SIG" #name, help, manual },
#include "ipc/control.def"
#undef QUERY
#undef SIGNAL
#undef CONTROL
	{ NULL, NULL, NULL, NULL },
};

/* CLI_OK with *fd, else the exit code after a message. */
static int
connect_control(struct cli *cli, struct str path, int *fd)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = ANSWER_TIMEOUT_S };
	int code;

	if (path.n >= sizeof(to.sun_path))
		return cli_error(
		    cli, CLI_CONFIG, "control_socket: the path is longer than %zu bytes", sizeof(to.sun_path) - 1);
	memcpy(to.sun_path, path.p, path.n);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd >= 0 && connect(*fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
		setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		return CLI_OK;
	}
	code = cli_error(cli, errno == EACCES ? CLI_NOPERM : CLI_UNAVAILABLE,
	    "%.*s: %s\n  Is agentmaild running with this configuration?", FSTR(path), strerror(errno));
	if (*fd >= 0)
		close(*fd);
	return code;
}

static int
exchange(struct cli *cli, int fd, const char *word, struct str *answer)
{
	struct str line = arena_printf(&cli->arena, "%s\n", word);
	struct buf b;
	char part[4096];
	ssize_t n;

	buf_init(&b, &cli->arena);
	if (write(fd, line.p, line.n) != (ssize_t)line.n)
		return cli_error(cli, CLI_UNAVAILABLE, "the daemon hung up: %s", strerror(errno));
	shutdown(fd, SHUT_WR);
	while ((n = read(fd, part, sizeof(part))) > 0)
		buf_put(&b, part, (size_t)n);
	if (n < 0)
		return cli_error(
		    cli, CLI_TEMPORARY, "no answer within %d seconds: %s", ANSWER_TIMEOUT_S, strerror(errno));
	*answer = str_trim(buf_flat(&b));
	return CLI_OK;
}

static int
print_answer(struct cli *cli, struct str answer)
{
	struct jr v;
	struct jr_error err;

	if (answer.n > 0 && answer.p[0] == '{' && jr_parse(&cli->arena, answer, &v, &err)) {
		if (cli->json)
			print_json(v, stdout);
		else
			print_people(cli, v, stdout);
		return CLI_OK;
	}
	if (str_starts(answer, STR("error")))
		return cli_error(cli, CLI_REFUSED, "%.*s", FSTR(answer));
	printf("%.*s\n", FSTR(answer));
	return CLI_OK;
}

int
verb_ctl(struct cli *cli, int argc, char **argv)
{
	struct conf *c;
	struct str answer = STR_NONE;
	const char *word = NULL;
	int fd = -1, rc;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			cli->json = true;
		else
			word = argv[i];
	}
	if (word == NULL)
		return cli_error(cli, CLI_USAGE, "expected %s", ctl_args);
	c = cli_conf(cli);
	if (c == NULL)
		return CLI_CONFIG;
	rc = connect_control(cli, c->control_socket, &fd);
	if (rc == CLI_OK) {
		rc = exchange(cli, fd, word, &answer);
		close(fd);
	}
	conf_free(&c);
	return rc == CLI_OK ? print_answer(cli, answer) : rc;
}
