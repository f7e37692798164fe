#!/bin/sh
# The unit tests under valgrind, but for those that need real time or end in a panic on purpose.
cd "$(dirname "$0")/../../.." || exit 1
make -s -j2 BUILD=build-valgrind CFLAGS="-O1 -g" build-valgrind/check_unit || exit 1
status=0
for suite in str json clock conf decode call pattern words names stmt txn cx http_reader; do
	ls tests/unit/*/check_"$suite".c >/dev/null 2>&1 || continue
	CK_RUN_SUITE=$suite valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
		build-valgrind/check_unit || { echo "valgrind: suite $suite"; status=1; }
done
rm -rf build-valgrind
exit $status
