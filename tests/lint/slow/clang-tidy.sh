#!/bin/sh
# clang-tidy with the checks that find bugs; style is clang-format's and the sizes lint's.
cd "$(dirname "$0")/../../.." || exit 1
make -s build/gen/schema.c >/dev/null || exit 1
checks='-*,bugprone-*,misc-redundant-expression,performance-*'
checks="$checks,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-branch-clone,-bugprone-narrowing-conversions"
checks="$checks,-bugprone-macro-parentheses,-bugprone-assignment-in-if-condition,-bugprone-suspicious-include,-performance-no-int-to-ptr"
checks="$checks,-bugprone-not-null-terminated-result,-bugprone-multi-level-implicit-pointer-conversion,-bugprone-switch-missing-default-case,-bugprone-implicit-widening-of-multiplication-result"
flags="-std=c11 -D_GNU_SOURCE -Isrc -Ibuild/gen -DAGENTMAIL_VERSION=\"x\" $(pkg-config --cflags json-c libgit2 sqlite3)"
export checks flags
# shellcheck disable=SC2016
find src -name '*.c' | xargs -P2 -n 4 sh -c \
	'clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" "$@" -- $flags 2>/dev/null' clang-tidy
