#!/usr/bin/env bash
# unified_benchmark.sh - the seed's five tests with its options, order, columns and file names (workload: Phase 1 HTTP,
# 2 MCP, 3 setup, 4 messages), with our load generator. A server must be running already.
#
# Differences on purpose: the default file name is made after the options are read, its directory only when it is
# used, a test without failed answers does not end the script, and answers of any status are counted.
#
# Usage: [BUILD=build] unified_benchmark.sh --impl rust|python [--port PORT] [--agents N] [--duration N] [--output FILE]
set -euo pipefail
load=$(realpath "$(dirname "$0")/..")/${BUILD:-build}/bench/load
impl=${IMPL:-rust} port=${PORT:-8765} agents=${AGENTS:-100} duration=${DURATION:-30} output=

while [ $# -gt 0 ]; do
	case $1 in
	--impl) impl=${2:?--impl wants a word}; shift 2 ;;
	--port) port=${2:?--port wants a number}; shift 2 ;;
	--agents) agents=${2:?--agents wants a number}; shift 2 ;;
	--duration) duration=${2:?--duration wants seconds}; shift 2 ;;
	--output) output=${2:?--output wants a file}; shift 2 ;;
	-h | --help) echo "Usage: $0 --impl rust|python [--port PORT] [--agents N] [--duration N]"; exit 0 ;;
	*) echo "Unknown option: $1"; exit 1 ;;
	esac
done
case $impl in
rust) health=/health ready=/ready ;;
python) health=/health/liveness ready=/health/readiness ;;
*) echo "Unknown implementation: $impl (rust or python)"; exit 1 ;;
esac
[ -x "$load" ] || { echo "Error: $load is missing, run make bench"; exit 1; }
if [ -z "$output" ]; then
	mkdir -p benchmark_results
	output=benchmark_results/benchmark_${impl}_$(date +%Y%m%d_%H%M%S).md
fi

url=http://127.0.0.1:$port
json='Content-Type: application/json'
project='"project_slug":"benchmark-project"'
frame=$(printf '=%.0s' {1..46})

# test_one NAME PATH [OPTIONS of load]...: prints a block and adds a row.
test_one() {
	local name=$1 path=$2 line rate p99 total ok; shift 2
	printf '\n=== %s ===\n' "$name"
	line=$("$load" -c "$agents" -d "$duration" "$@" "$url$path" || :)
	value() { sed -n "s/.* $1=\([0-9]*\).*/\1/p" <<<"$line"; }
	total=$(($(value status_2xx) + $(value status_4xx) + $(value status_5xx)))
	rate=$(value rate_per_s) p99=N/A ok=0%
	if [ "$total" -gt 0 ]; then
		p99=$(($(value p99_us) / 1000))ms
		ok=$(awk -v a="$(value status_2xx)" -v b="$total" 'BEGIN { printf "%.1f%%", int(a * 1000 / b) / 10 }')
	fi
	printf '  Throughput: %s req/s\n  P99 Latency: %s\n  Success Rate: %s\n  Total Requests: %s\n' "$rate" "$p99" "$ok" "$total"
	echo "| $name | $rate | $p99 | $ok | $total |" >>"$output"
}
phase() { printf '\n=== Phase %s ===\n' "$1"; }
setup() { curl -s -o /dev/null -X POST "$url$1" -H "$json" -d "$2"; }

printf '%s\nUnified MCP Agent Mail Benchmark\n%s\n' "$frame" "$frame"
printf 'Implementation: %s\nTarget: %s\nConcurrency: %s agents\nDuration: %ss per test\n' "${impl^^}" "$url" "$agents" "$duration"
echo 'Waiting for server...'
for ((try = 1; ; try++)); do
	curl -s -o /dev/null "$url$health" && break
	[ "$try" -lt 30 ] || { echo 'Error: Server not ready'; exit 1; }
	sleep 1
done
echo 'Server ready!'

cat >"$output" <<END
# Benchmark Results: ${impl^^} Implementation

**Date:** $(date -u +%Y-%m-%dT%H:%M:%SZ)
**Target:** $url
**Duration:** ${duration}s per test
**Concurrency:** $agents agents
**Implementation:** $impl

## Results

| Test | Throughput (req/s) | P99 Latency | Success Rate | Total Requests |
|------|--------------------|-------------|--------------|----------------|
END

phase '1: HTTP Layer'
test_one 'Health (no I/O)' $health
test_one 'Ready (DB check)' $ready
phase '2: MCP Protocol'
test_one 'MCP tools/list' /mcp -H "$json" -b '{"jsonrpc":"2.0","method":"tools/list","params":{},"id":1}'
phase '3: Setup Test Data'
setup /api/project/ensure '{"human_key": "benchmark-project"}'
setup /api/agent/register "{$project,\"name\":\"sender\",\"program\":\"bench\",\"model\":\"test\"}" || :
setup /api/agent/register "{$project,\"name\":\"receiver\",\"program\":\"bench\",\"model\":\"test\"}" || :
echo 'Test data ready'
phase '4: Message Operations'
test_one 'Message Send' /api/message/send -H "$json" \
    -b "{$project,\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\"],\"subject\":\"Bench\",\"body_md\":\"Test\"}"
test_one 'Inbox Fetch' /api/inbox -H "$json" -b "{$project,\"agent_name\":\"receiver\"}"

cat >>"$output" <<END

## Environment

- Implementation: $impl
- Health Endpoint: $health
- Ready Endpoint: $ready
- Server: $url

## Analysis Notes

Closed loop: each of the $agents connections sends its next request when the answer is there. Load generator: bench/load.
END
printf '\n%s\nBenchmark Complete!\n%s\nResults saved to: %s\n' "$frame" "$frame" "$output"
