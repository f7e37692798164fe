#!/bin/sh
# traps - every line of tests/contract/*.tsv (id, fact about the reference, proof) has a proof that exists.
#
# Proofs are separated by "; ":
#   suite:test            START_TEST(test) in check_suite.c
#   case file/name        "case name" in tests/contract/file.cases
#   script.py:name        def name( in tests/contract/script.py
#   wire name             tests/wire/name.sh
#   row: words            a table row of docs/COMPATIBILITY.md that holds these words; such a line needs a test besides
#   none: reason          what the fact speaks of does not exist here
cd "$(dirname "$0")/../.." || exit 1
fail=0
tests=$(find tests -name 'check_*.c' -exec grep -oH '^START_TEST([a-zA-Z0-9_]*)' {} + |
    sed 's|^.*/check_\(.*\)\.c:START_TEST(\(.*\))|\1:\2|')
for list in tests/contract/*.tsv; do
	[ -e "$list" ] || continue
	printf '%s\n' "$tests" | awk -F '\t' -v list="$list" '
		function bad(words) { printf "traps: %s:%d: %s\n", list, FNR, words; failed = 1 }
		function holds(file, word, start,    line, ok) {
			while ((getline line < file) > 0)
				if (start ? index(line, word) == 1 && (start == 1 || line == word) : line ~ /^\|/ && index(line, word)) { ok = 1; break }
			close(file)
			return ok
		}
		function there(file,    line, rc) { rc = (getline line < file); close(file); return rc >= 0 }
		FILENAME == "-" { test[$0] = 1; next }
		/^#/ || $0 == "" { next }
		NF != 3 { bad(NF " columns, expected id, fact, proof"); next }
		$1 in seen { bad("id " $1 " is there twice") }
		{ seen[$1] = 1 }
		length($2) == 0 || length($3) == 0 { bad("nothing in a column"); next }
		{
			n = split($3, proof, /; */); tested = row = 0
			for (i = 1; i <= n; i++) {
				p = proof[i]
				if (p ~ /^row: /) { row = 1; if (!holds("docs/COMPATIBILITY.md", substr(p, 6), 0)) bad("no row of docs/COMPATIBILITY.md holds: " substr(p, 6)); continue }
				tested = 1
				if (p ~ /^none: /) { if (n > 1) bad("none: stands alone") }
				else if (p ~ /^case /) {
					slash = index(p, "/"); file = "tests/contract/" substr(p, 6, slash - 6) ".cases"
					if (!holds(file, "case " substr(p, slash + 1), 2)) bad("no such case: " p)
				}
				else if (p ~ /^wire /) { if (!there("tests/wire/" substr(p, 6) ".sh")) bad("no such script: " p) }
				else if (p ~ /^[a-z_]+\.py:/) { split(p, w, ":"); if (!holds("tests/contract/" w[1], "def " w[2] "(", 1)) bad("no such function: " p) }
				else if (!(p in test)) bad("no such test: " p)
			}
			if (row && !tested) bad("a deviation needs a test of what we do")
		}
		END { exit failed }' - "$list" || fail=1
done
exit $fail
