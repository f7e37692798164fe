#!/bin/sh
# Needs: node npm
# openapi - the served description of the REST interface: a valid OpenAPI 3.1 document by two validators from npm,
# and every operation in it is called, with valid arguments and with invalid ones (openapi.mjs).
#
# Usage: tests/wire/openapi.sh     (after `make`; BUILD=DIR for another tree)
# Network: npm, the first time. Exit code 0 when all answers are as declared.
set -eu

BUILD=${BUILD:-build}
HERE=$(cd "$(dirname "$0")" && pwd)
NPM_DIR=$(mkdir -p "$BUILD/npm" && cd "$BUILD/npm" && pwd)
export NPM_DIR

if [ ! -d "$NPM_DIR/node_modules/@readme/openapi-parser" ] || [ ! -d "$NPM_DIR/node_modules/@seriousme/openapi-schema-validator" ]; then
	command -v npm >/dev/null || { echo "openapi: npm is missing (apt-get install npm)" >&2; exit 2; }
	(cd "$NPM_DIR" && { [ -f package.json ] || npm init -y >/dev/null; } &&
	    npm install --no-audit --no-fund --ignore-scripts --loglevel=error \
	    @seriousme/openapi-schema-validator@2.11.0 @readme/openapi-parser@9.0.0 >/dev/null)
fi

. "$HERE/../support/daemon.sh"
daemon_start "$(realpath "$BUILD")" -o archive_wait=yes
trap 'daemon_stop' EXIT INT TERM
node "$HERE/openapi.mjs" "http://127.0.0.1:$DAEMON_PORT" "$DAEMON_DIR" || { cat "$DAEMON_DIR/log" >&2; exit 1; }
