#!/bin/sh
# Tokens that agents pay: tools/list per profile, inbox rows per format; each beside its limit.
#
# Usage: bench/tokens.sh        (after `make`; BUILD=DIR for another tree; EACH=1 shows every tool)
# Network: npm, the first time. Exit code 0 when everything is within its limit.
set -eu

BUILD=${BUILD:-build}
HERE=$(cd "$(dirname "$0")" && pwd)
NPM_DIR=$(mkdir -p "$BUILD/npm" && cd "$BUILD/npm" && pwd)
export NPM_DIR

if [ ! -d "$NPM_DIR/node_modules/gpt-tokenizer" ]; then
	command -v npm >/dev/null || { echo "tokens: npm is missing (apt-get install npm)" >&2; exit 2; }
	(cd "$NPM_DIR" && { [ -f package.json ] || npm init -y >/dev/null; } &&
	    npm install --no-audit --no-fund --ignore-scripts --loglevel=error gpt-tokenizer@4.0.0 >/dev/null)
fi

. "$HERE/../tests/support/daemon.sh"
trap 'daemon_stop' EXIT INT TERM
failed=0
printf '%-46s%7s%8s\n' what tokens limit
for profile in full core messaging minimal; do
	daemon_start "$BUILD" -o tools_filter_enabled=yes -o "tools_filter_profile=$profile"
	node "$HERE/tokens.mjs" list "$profile" "http://127.0.0.1:$DAEMON_PORT" || failed=1
	daemon_stop
done
daemon_start "$BUILD"
node "$HERE/tokens.mjs" inbox "http://127.0.0.1:$DAEMON_PORT" || failed=1
exit $failed
