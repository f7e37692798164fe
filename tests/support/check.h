/*
 * check - <check.h> without `fail`, a macro that it keeps for old tests: that is the name of a function of ours
 * (store/cx.h). The Makefile gives this file to every file of tests/ first, so that the order of includes does not matter.
 */
#ifndef SUPPORT_CHECK_H
#define SUPPORT_CHECK_H

#include <check.h>

#undef fail

#endif
