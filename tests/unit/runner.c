/*
 * runner - all unit suites, one program. CK_RUN_SUITE and CK_RUN_CASE select; names
 * that select nothing are a failure, so that a list of suites cannot outlive them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define SUITE(path, name) Suite *suite_##path(void);
#include "suites.inc"
#undef SUITE

int
main(void)
{
	SRunner *sr = srunner_create(NULL);
	int ran, failed;

#define SUITE(path, name) srunner_add_suite(sr, suite_##path());
#include "suites.inc"
#undef SUITE
	srunner_run_all(sr, CK_ENV);
	ran = srunner_ntests_run(sr);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	if (ran == 0)
		fputs("check_unit: no such suite or case\n", stderr);
	return failed != 0 || ran == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
