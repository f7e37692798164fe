/*
 * runner - all unit suites, one program. CK_RUN_SUITE and CK_RUN_CASE select.
 */
#include <check.h>
#include <stdlib.h>

#define SUITE(path, name) Suite *suite_##path(void);
#include "suites.inc"
#undef SUITE

int
main(void)
{
	SRunner *sr = srunner_create(NULL);
	int failed;

#define SUITE(path, name) srunner_add_suite(sr, suite_##path());
#include "suites.inc"
#undef SUITE
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
