#!/bin/sh
# parked - 2,000 requests that wait for mail (10,000: parked.sh 10000) keep at most 2 KB of the worker's memory each beyond
# their connections, and one message wakes them all; a client that goes is forgotten at once.
# Usage: [BUILD=build] parked.sh [NUMBER]
cd "$(dirname "$0")/../.." || exit 1
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/support exec python3 tests/wire/parked.py "${1:-2000}"
