#!/bin/sh
# sanitizers - every unit suite under ASan and UBSan, as many at once as there are processors: most of their time they
# wait for daemons. Leaks are valgrind.sh's: looking for them at the end of each test's process takes longer than the test.
# Usage: [BUILD=build-fuzz] sanitizers.sh [SUITE...]     after `make sanitized`
cd "$(dirname "$0")/../../.." || exit 1
build=${BUILD:-build-fuzz}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
export build logs ASAN_OPTIONS=detect_leaks=0 CK_TIMEOUT_MULTIPLIER=6
suites=${*:-$(sed -n 's/.*"\(.*\)".*/\1/p' "$build/gen/suites.inc" | sort -u)}
# shellcheck disable=SC2016
printf '%s\n' $suites | xargs -P"$(nproc)" -n 1 sh -c '
	if CK_RUN_SUITE=$1 "$build/check_unit" >"$logs/$1" 2>&1; then
		rm "$logs/$1"
	else
		echo "sanitizers: $1: FAILED"
		tail -n 80 "$logs/$1"
	fi' sanitizers
failed=$(ls "$logs" | wc -l)
echo "$(($(printf '%s\n' $suites | wc -l) - failed)) passed, $failed failed"
[ "$failed" = 0 ]
