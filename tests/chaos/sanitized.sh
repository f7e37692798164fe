#!/bin/sh
# The real daemon built with sanitizers through the wire tests and some of the scenarios; whatever process of it reports
# anything, also at its end, the run has failed. Usage: BUILD=dir-with-sanitizers sanitized.sh
cd "$(dirname "$0")/../.." || exit 1
BUILD=$(realpath "${BUILD:?the directory of a build with -fsanitize}") || exit 1
reports=$(mktemp -d) || exit 1
trap 'rm -rf "$reports"' EXIT
export BUILD
export ASAN_OPTIONS="log_path=$reports/asan:exitcode=99:detect_leaks=1" UBSAN_OPTIONS="log_path=$reports/ubsan:print_stacktrace=1"
passed=0 failed=0
try() {
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "sanitized: $*: failed"
	fi
}
nm "$BUILD/agentmaild" 2>/dev/null | grep -q __asan_ || { echo "sanitized: $BUILD/agentmaild has no sanitizer in it" >&2; exit 2; }
for s in door mcp_sessions rest_seed; do
	try sh "tests/wire/$s.sh"
done
try env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/support python3 tests/chaos/run.py short kill change person
for f in "$reports"/*; do
	[ -e "$f" ] || continue
	failed=$((failed + 1))
	echo "sanitized: $(basename "$f"):"
	head -n 40 "$f"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
