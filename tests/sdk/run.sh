#!/bin/sh
# Mail round trip by the official SDKs against a running daemon: TypeScript, with
# the handshake and without, and Python; lists as the client of FastMCP unwraps them.
#
# Usage: tests/sdk/run.sh            (after `make`; BUILD=DIR for another tree)
# Network: npm and pip, the first time. Exit code 0 when all went through.
set -eu

BUILD=${BUILD:-build}
HERE=$(cd "$(dirname "$0")" && pwd)
SDK_DIR=$(mkdir -p "$BUILD/sdk" && cd "$BUILD/sdk" && pwd)
export SDK_DIR

if [ ! -d "$SDK_DIR/node_modules/@modelcontextprotocol/client" ]; then
	command -v npm >/dev/null || { echo "sdk: npm is missing (apt-get install npm)" >&2; exit 2; }
	(cd "$SDK_DIR" && { [ -f package.json ] || npm init -y >/dev/null; } &&
	    npm install --no-audit --no-fund --ignore-scripts --loglevel=error \
	    @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 >/dev/null)
fi
if [ ! -x "$SDK_DIR/venv/bin/python" ] || ! "$SDK_DIR/venv/bin/python" -c 'import mcp' 2>/dev/null; then
	python3 -m venv "$SDK_DIR/venv" || { echo "sdk: python3-venv is missing (apt-get install python3-venv)" >&2; exit 2; }
	"$SDK_DIR/venv/bin/pip" install --quiet --disable-pip-version-check mcp==1.30.0
fi
# Of its own: it asks for other versions of what it shares with the one above.
if [ ! -x "$SDK_DIR/fastmcp/bin/python" ] || ! "$SDK_DIR/fastmcp/bin/python" -c 'import fastmcp' 2>/dev/null; then
	python3 -m venv "$SDK_DIR/fastmcp"
	"$SDK_DIR/fastmcp/bin/pip" install --quiet --disable-pip-version-check fastmcp==4.0.11
fi

. "$HERE/../support/daemon.sh"
daemon_start "$BUILD"
trap 'daemon_stop' EXIT INT TERM

url=http://127.0.0.1:$DAEMON_PORT/mcp
failed=0
node "$HERE/roundtrip.mjs" "$url" 1 || failed=1
node "$HERE/roundtrip.mjs" "$url" 2 || failed=1
"$SDK_DIR/venv/bin/python" "$HERE/roundtrip.py" "$url" || failed=1
"$SDK_DIR/fastmcp/bin/python" "$HERE/unwrap.py" "$url" || failed=1
exit $failed
