#!/bin/sh
# headers - each header compiles alone, so that an include list never depends on its order.
cd "$(dirname "$0")/../.." || exit 1
fail=0
for h in $(find src -name '*.h'); do
	echo "#include \"${h#src/}\"" | ${CC:-cc} -std=c11 -D_GNU_SOURCE -Isrc -Wall -Werror -fsyntax-only -x c - 2>/tmp/headers.$$ || {
		echo "headers: $h does not compile alone:"
		head -5 /tmp/headers.$$
		fail=1
	}
done
rm -f /tmp/headers.$$
exit $fail
