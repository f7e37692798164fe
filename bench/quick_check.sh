#!/usr/bin/env bash
# quick_check.sh - the seed's five-second look at both health paths of port 8765 (or PORT), with our load generator.
# Answers other than 200 are reported and make the exit code 1.
# Usage: [BUILD=build] [PORT=8765] quick_check.sh
set -uo pipefail
load=$(realpath "$(dirname "$0")/..")/${BUILD:-build}/bench/load
[ -x "$load" ] || { echo "$load is missing: make bench" >&2; exit 1; }
failed=0

# check HEADING PATH
check() {
	local line
	echo "=== $1 ==="
	line=$("$load" -c 100 -d 5 "http://127.0.0.1:${PORT:-8765}$2") || { failed=1; echo "  unexpected answers: $line"; }
	sed -n 's/.* rate_per_s=\([0-9.]*\).* p99_us=\([0-9]*\).*/\1 \2/p' <<<"$line" |
		awk '{ printf "  Requests/sec:\t%.4f\n  99%% in %.4f secs\n", $1, $2 / 1e6 }'
}

echo 'Quick benchmark check (5s each)...'
check RUST /health
check PYTHON /health/liveness
exit $failed
