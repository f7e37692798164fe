#!/bin/sh
# claims - a hundred agents claim overlapping patterns at once: tests/contract/claims.py.
# Usage: [BUILD=build] claims.sh
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} PYTHONDONTWRITEBYTECODE=1 exec python3 tests/contract/claims.py
