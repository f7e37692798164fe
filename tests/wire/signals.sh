#!/bin/sh
# signals - the files that hooks look at: who gets one, when it goes, and that none is lost when processes die.
# Usage: [BUILD=build] signals.sh
cd "$(dirname "$0")/../.." || exit 1
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/support:tests/chaos exec python3 tests/wire/signals.py
