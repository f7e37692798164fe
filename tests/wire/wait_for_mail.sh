#!/bin/sh
# Needs: node
# wait_for_mail - agents that wait on two workers: woken by a send on either, by
# the deadline, by a reload; a thousand of them cost no CPU, and one whose client
# goes is forgotten.
# Usage: [BUILD=build] wait_for_mail.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
ulimit -n 4096 || exit 1
trap daemon_stop EXIT
daemon_start "$(realpath "${BUILD:-build}")" -o workers=2
node tests/wire/wait_for_mail.mjs "$DAEMON_PORT" "$DAEMON_PID" && echo "wait_for_mail: ok"
