/* The signal table: every row reaches its flag, by signal and by word. */
#include <check.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/sig.h"

Suite *suite_sig(void);

START_TEST(every_signal_raises_its_flag)
{
	sigset_t sleeping;

	sig_master(&sleeping);
	for (size_t i = 0; i < sig_rows; i++) {
		raise(sig_table[i].number);
		ck_assert_uint_eq(sig_take(), 0);
		sigprocmask(SIG_SETMASK, &sleeping, NULL);
		ck_assert_uint_eq(sig_take(), (unsigned)sig_table[i].flag);
		sig_master(&sleeping);
	}
	sig_default();
}
END_TEST

START_TEST(words)
{
	ck_assert_int_eq(sig_find("reload")->number, SIGHUP);
	ck_assert_int_eq(sig_find("stop")->number, SIGTERM);
	ck_assert_int_eq(sig_find("quit")->number, SIGQUIT);
	ck_assert_int_eq(sig_find("upgrade")->number, SIGUSR2);
	ck_assert_int_eq(sig_find("reopen")->number, SIGUSR1);
	ck_assert_ptr_null(sig_find("status"));
	ck_assert_ptr_null(sig_find(""));
	for (size_t i = 0; i < sig_rows; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert(sig_table[i].number != sig_table[k].number && sig_table[i].flag != sig_table[k].flag);
}
END_TEST

static void
on_term(int number)
{
	(void)number;
	_exit(42);
}

START_TEST(child_ignores_all_but_term)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t sleeping;

		sig_master(&sleeping);
		sig_child(on_term);
		raise(SIGHUP);
		raise(SIGINT);
		raise(SIGQUIT);
		raise(SIGUSR1);
		raise(SIGUSR2);
		raise(SIGWINCH);
		raise(SIGPIPE);
		raise(SIGTERM);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 42);
}
END_TEST

Suite *
suite_sig(void)
{
	Suite *s = suite_create("sig");
	TCase *tc = tcase_create("sig");

	tcase_add_test(tc, every_signal_raises_its_flag);
	tcase_add_test(tc, words);
	tcase_add_test(tc, child_ignores_all_but_term);
	suite_add_tcase(s, tc);
	return s;
}
