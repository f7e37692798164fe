#!/bin/sh
# crowd - a hundred clients at once: tests/contract/crowd.py.
# Usage: [BUILD=build] crowd.sh
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} PYTHONDONTWRITEBYTECODE=1 exec python3 tests/contract/crowd.py
