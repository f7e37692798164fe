#!/bin/sh
# workers - a reload from 2 workers to 40 and back to 1: no request is lost, and what processes share (write gate, bus,
# scoreboard) works for those that the first start had no room for.
# Usage: [BUILD=build] workers.sh
cd "$(dirname "$0")/../.." || exit 1
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/support:tests/chaos exec python3 tests/wire/workers.py
