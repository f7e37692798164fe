#!/bin/sh
# model - a daemon whose summaries are refined by a language model that is slow, wrong or gone: nobody else waits,
# every summary comes, the key is told to nobody but the service.
# Usage: [BUILD=build] model.sh
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "model: no python3"; exit 1; }
exec python3 tests/wire/model.py "$(realpath "${BUILD:-build}")"
