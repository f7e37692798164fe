#!/bin/sh
# door - who is not welcome is told so after the head of a request, not after its body; OPTIONS *.
# Usage: [BUILD=build] door.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
trap daemon_stop EXIT
daemon_start "$(realpath "${BUILD:-build}")" -o http_bearer_token=right -o trust_loopback=no
python3 tests/wire/door.py "$DAEMON_PORT" right
