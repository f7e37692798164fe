#!/bin/sh
# sizes - a file has at most 600 lines, a function 70, a header 120, a folder 25 .c files. Exceptions: sizes.allow, "path reason", which only shrinks.
cd "$(dirname "$0")/../.." || exit 1
fail=0
allow=tests/lint/sizes.allow

allowed() { [ -f "$allow" ] && grep -q "^$1 " "$allow"; }

for f in $(find src tests bench -name '*.[ch]'); do
	n=$(wc -l < "$f")
	max=600
	case $f in src/*.h) max=120 ;; tests/*) max=900 ;; esac
	if [ "$n" -gt $max ] && ! allowed "$f"; then
		echo "sizes: $f: $n lines, at most $max"
		fail=1
	fi
done
for f in $(find src -name '*.c'); do
	allowed "$f" && continue
	awk -v f="$f" '
		/^\{/ { start = NR }
		/^\}/ { if (start && NR - start - 1 > 70) { printf "sizes: %s:%d: function of %d lines, at most 70\n", f, start, NR - start - 1; bad = 1 } start = 0 }
		END { exit bad }' "$f" || fail=1
done
for d in $(find src -type d); do
	n=$(find "$d" -maxdepth 1 -name '*.c' | wc -l)
	[ "$n" -le 25 ] || { echo "sizes: $d: $n .c files, at most 25: split it by idea"; fail=1; }
done
exit $fail
