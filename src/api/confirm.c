/*
 * confirm - checks the word I UNDERSTAND. Called by the hard_delete tools before anything else.
 */
#include "api/confirm.h"

#include "store/cx.h"

int
confirm_check(struct cx *cx, struct str given, const char *what)
{
	if (str_eqc(given, "I UNDERSTAND"))
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT,
	    "Invalid argument value: Hard delete requires the confirmation parameter to be exactly 'I UNDERSTAND' "
	    "(case-sensitive). It is IRREVERSIBLE: mail, files and database records of %s are gone for good.. Check that all "
	    "parameters have valid values.",
	    what);
	jw_kcstr(fail_data(cx), "parameter", "confirmation");
	return -1;
}
