#!/bin/sh
# memcheck over the unit suites that handle foreign bytes and own memory: parsers, base, store, mail, tools, the archive
# in this process. Reads of what is not there and memory that nobody points to any more are errors.
# Usage: [BUILD=build] valgrind.sh [SUITE...]
cd "$(dirname "$0")/../../.." || exit 1
build=${BUILD:-build}
make -s -j2 BUILD="$build" "$build/check_unit" "$build/agentmail" || exit 1
# Tests of one process (CK_FORK=no): a suite is one run of valgrind. Those that expect a panic, or that each test
# begins in a fresh process, are not among them.
suites=${*:-"str path hash percent template likeness json_read json_text clock toon words conf decode param_type schema names
	mistake pattern reader target stream shared_buf outq net timer_heap uri search_parse search_query
	archive_payload archive_queue changes topic handles kind follow job park pending_query result_cache project auth contact
	reserve send deliver attach inbox events receipt thread search send_message fetch_inbox fetch_inbox_events
	file_reservation_paths register_agent admission mcp peer announce session tool_result rest rows layout pack packmerge
	treedelta group"}
passed=0 failed=0
for suite in $suites; do
	start=$(date +%s)
	if CK_FORK=no CK_TIMEOUT_MULTIPLIER=20 CK_RUN_SUITE=$suite valgrind -q --error-exitcode=9 --leak-check=full \
	    --errors-for-leak-kinds=definite "$build/check_unit" >"$build/valgrind.log" 2>&1; then
		passed=$((passed + 1))
		echo "valgrind: $suite: ok ($(($(date +%s) - start)) s)"
	else
		failed=$((failed + 1))
		echo "valgrind: $suite: FAILED"
		tail -n 80 "$build/valgrind.log"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
