#!/bin/sh
# clang's static analyzer over src/; every finding is an error. Switched off, by name:
#   security.insecureAPI.DeprecatedOrUnsafeBufferHandling  asks for memcpy_s and its like, which glibc has not
# One file in a process: in clang 14 the analyzer's memory of functions outlives a file, and va_start is then unknown.
cd "$(dirname "$0")/../../.." || exit 1
make -s build/gen/schema.c >/dev/null || exit 1
checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'
flags="-std=c11 -D_GNU_SOURCE -Isrc -Ibuild/gen -DAGENTMAIL_VERSION=\"x\" $(pkg-config --cflags json-c libgit2 sqlite3)"
export checks flags
# shellcheck disable=SC2016
find "${@:-src}" -name '*.c' | sort | xargs -P"$(nproc)" -n 1 sh -c \
	'clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" "$@" -- $flags 2>/dev/null' clang-tidy
