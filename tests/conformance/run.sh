#!/bin/sh
# The official MCP conformance suite against a running daemon, all four revisions
# that it knows. Checks that need a fixture (test_* tools, test:// resources) or a
# stream are listed in unmet.txt and counted apart; everything else must pass,
# warnings included.
#
# Usage: tests/conformance/run.sh            (after `make`; BUILD=DIR for another tree)
# Network: npm, the first time. Exit code 0 when nothing failed.
set -eu

BUILD=${BUILD:-build}
SUITE=@modelcontextprotocol/conformance@0.2.0-alpha.12
NODE=22.23.3
HERE=$(cd "$(dirname "$0")" && pwd)
DIR=$(mkdir -p "$BUILD/conformance" && cd "$BUILD/conformance" && pwd)

case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) echo "conformance: no Node binary known for $(uname -m)" >&2; exit 2 ;;
esac

if [ ! -x "$DIR/node_modules/.bin/conformance" ] || [ ! -x "$DIR/node_modules/node-linux-$arch/bin/node" ]; then
	command -v npm >/dev/null || { echo "conformance: npm is missing (apt-get install npm)" >&2; exit 2; }
	(cd "$DIR" && { [ -f package.json ] || npm init -y >/dev/null; } &&
	    npm install --no-audit --no-fund --ignore-scripts --loglevel=error "node-linux-$arch@$NODE" "$SUITE" >/dev/null)
fi
PATH=$DIR/node_modules/node-linux-$arch/bin:$PATH
export PATH

. "$HERE/../support/daemon.sh"
daemon_start "$BUILD"
trap 'daemon_stop' EXIT INT TERM

rm -rf "$DIR/out"
for v in 2025-03-26 2025-06-18 2025-11-25 2026-07-28; do
	"$DIR/node_modules/.bin/conformance" server --url "http://localhost:$DAEMON_PORT/mcp" --suite all \
	    --spec-version "$v" -o "$DIR/out/$v" >"$DIR/$v.log" 2>&1 || :
done
node "$HERE/count.mjs" "$DIR/out" "$HERE/unmet.txt"
