#!/bin/sh
# lists - prints a page of the manual with its lists made anew: what stands between `.\" list NAME` and `.\" end` is
# what `agentmail man NAME` prints. usage: lists.sh AGENTMAIL PAGE
export prog="$1"
awk '
	/^\.\\" list / {
		print
		command = "\"$prog\" man " $3
		while ((command | getline line) > 0) { print line; lines++ }
		if (close(command) != 0 || lines == 0) exit 1
		inside = 1
	}
	/^\.\\" end$/ { inside = 0 }
	!inside
	END { if (inside) exit 1 }' "$2"
