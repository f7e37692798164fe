#!/bin/sh
# helper - a daemon whose helper process is stopped, flooded and killed: nobody else waits, what it cannot tell is
# unknown, nothing is left open, and the counters say what happened.
# Usage: [BUILD=build] helper.sh
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "helper: no python3"; exit 1; }
exec python3 tests/wire/helper.py "$(realpath "${BUILD:-build}")"
