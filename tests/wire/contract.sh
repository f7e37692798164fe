#!/bin/sh
# contract - answers that the reference was seen to give, asked of the daemon: tests/contract/*.cases.
# Usage: [BUILD=build] contract.sh
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} PYTHONDONTWRITEBYTECODE=1 exec python3 tests/contract/replay.py
