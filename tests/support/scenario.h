/*
 * scenario - the frame of a scenario program: Check cases that start real
 * processes, each in a process of its own, with a timeout that suits them.
 */
#ifndef SUPPORT_SCENARIO_H
#define SUPPORT_SCENARIO_H

#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "support/daemon.h"

#define SCENARIO_SECONDS 30

#define SCENARIO_MAIN(name, ...) \
	int main(void) \
	{ \
		const TTest *tests[] = { __VA_ARGS__ }; \
		TCase *tc = tcase_create(name); \
		Suite *s = suite_create(name); \
		SRunner *sr = srunner_create(s); \
		int failed; \
\
		tcase_set_timeout(tc, SCENARIO_SECONDS); \
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) \
			tcase_add_test(tc, tests[i]); \
		suite_add_tcase(s, tc); \
		srunner_run_all(sr, CK_ENV); \
		failed = srunner_ntests_failed(sr); \
		srunner_free(sr); \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS; \
	}

#endif
