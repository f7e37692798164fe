#!/bin/sh
# contracts - each function of a header stands under a comment that says what it does: its own, or that of its group
# (prototypes without an empty line between them).
cd "$(dirname "$0")/../.." || exit 1
find src -name '*.h' | sort | xargs awk '
	FNR == 1 { comment = covered = depth = 0 }
	comment { if (/\*\//) { comment = 0; covered = 1 } next }
	/^[ \t]*\/\*/ { if (/\*\//) covered = 1; else comment = 1; next }
	depth == 0 && /^[a-z_].*[a-z0-9_]\(/ && !/^(typedef|static|extern|return)[ \t]/ && !covered {
		printf "contracts: %s:%d: nothing says what this does: %s\n", FILENAME, FNR, $0
		failed = 1
	}
	/^[ \t]*$/ { covered = 0 }
	{ depth += gsub(/\{/, "{") - gsub(/\}/, "}") }
	END { exit failed }'
