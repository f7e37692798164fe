#!/bin/sh
# words - no loose ends, no file without a home, no foreign machine in the tree.
cd "$(dirname "$0")/../.." || exit 1
fail=0
hits=$(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b|not implemented' src tests bench etc init docs Makefile README.md 2>/dev/null | grep -v '^tests/lint/words.sh')
[ -z "$hits" ] || { echo "words: loose ends:"; echo "$hits"; fail=1; }
hits=$(find src tests -name 'util*' -o -name 'common*' -o -name 'misc*' -o -name 'helpers*' | grep -v node_modules)
[ -z "$hits" ] || { echo "words: a function without a home gets a file named after what it does:"; echo "$hits"; fail=1; }
hits=$(grep -rnE '\b(strcpy|strcat|sprintf|gets|alloca|strtok|atoi|rand)\(' src | grep -v 'snprintf\|vsnprintf')
[ -z "$hits" ] || { echo "words: functions that we do not use:"; echo "$hits"; fail=1; }
hits=$(grep -rn '/work/' --include='*' src tests bench etc init docs Makefile README.md .ci 2>/dev/null | grep -v '^tests/lint/words.sh')
[ -z "$hits" ] || { echo "words: paths of somebody's machine:"; echo "$hits"; fail=1; }
exit $fail
