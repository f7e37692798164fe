#!/bin/sh
# Needs: node npm
# TOON as we write it against the official package: generated values must give
# the same bytes, and its decoder must give the values back (contract/toon.md 6).
#
# Usage: tests/wire/toon.sh [COUNT [SEED]]     (after `make`; BUILD=DIR for another tree)
# Network: npm, the first time. Exit code 0 when nothing differs.
set -eu

BUILD=${BUILD:-build}
HERE=$(cd "$(dirname "$0")" && pwd)
NPM_DIR=$(mkdir -p "$BUILD/npm" && cd "$BUILD/npm" && pwd)
export NPM_DIR

if [ ! -d "$NPM_DIR/node_modules/@toon-format/toon" ]; then
	command -v npm >/dev/null || { echo "toon: npm is missing (apt-get install npm)" >&2; exit 2; }
	(cd "$NPM_DIR" && { [ -f package.json ] || npm init -y >/dev/null; } &&
	    npm install --no-audit --no-fund --ignore-scripts --loglevel=error @toon-format/toon@4.4.0 >/dev/null)
fi
${CC:-cc} -std=gnu11 -I"$HERE/../../src" -o "$BUILD/toon_lines" "$HERE/toon_lines.c" "$BUILD"/obj/base/*.o -ljson-c -lcrypto -lm
node "$HERE/toon.mjs" "$BUILD/toon_lines" "${1:-20000}" "${2:-1}"
