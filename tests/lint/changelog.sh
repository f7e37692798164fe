#!/bin/sh
# changelog - CHANGELOG has a version that the Makefile can read, its dates descend within a version, and each entry stands
# below a date and one of four kinds.
cd "$(dirname "$0")/../.." || exit 1
awk '
	function bad(words) { printf "changelog: CHANGELOG:%d: %s\n", FNR, words; failed = 1 }
	/^## / { if ($2 !~ /^[0-9]+(\.[0-9]+)+$/) bad("expected a version: " $0); versions++; date = kind = "" }
	/^### / {
		if ($2 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/) bad("expected a date: " $0)
		if (date != "" && $2 >= date) bad($2 " is not before " date ", which stands above it")
		date = $2; kind = ""
	}
	/^(Change|Feature|Bugfix|Upgrade note)$/ { if (date == "") bad("a kind without a date"); kind = $0; next }
	/^\* / { if (kind == "") bad("an entry without a kind"); entries++ }
	versions && !/^(#|\*|  |$)/ { bad("expected a heading, a kind or an entry: " $0) }
	END { if (!versions || !entries) bad("no version or no entry"); exit failed }' CHANGELOG
