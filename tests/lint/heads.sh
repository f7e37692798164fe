#!/bin/sh
# heads - each file of src/ begins with a comment that names it and says what is in it, more than a hint at its header.
cd "$(dirname "$0")/../.." || exit 1
find src -name '*.[ch]' | sort | xargs awk '
	function judge() {
		if (head !~ /^\/\*/) { printf "heads: %s: no comment at its beginning\n", file; failed = 1 }
		else if (index(head, name " - see ")) { printf "heads: %s only points at its header\n", file; failed = 1 }
		else if (!index(head, name) && !index(head, "resource://")) { printf "heads: %s does not begin with its name\n", file; failed = 1 }
	}
	FNR == 1 {
		if (file != "") judge()
		file = FILENAME; head = ""; done = 0
		name = file; sub(".*/", "", name); sub("[.][ch]$", "", name)
	}
	!done { head = head " " $0; sub("^ ", "", head); done = /\*\// }
	END { judge(); exit failed }'
