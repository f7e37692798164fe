#!/bin/sh
# layers - a folder includes only what its row allows (docs/ARCHITECTURE.md), and a library is known to one folder.
cd "$(dirname "$0")/../.." || exit 1
fail=0

# folder: folders that it may include, besides itself
rules='
base:
conf: base
ipc: base conf
proc: base conf ipc
event: base conf ipc proc
master: base conf ipc proc
net: base conf ipc event
store: base conf ipc
mail: base conf ipc store
view: base store mail
api: base conf ipc store mail view
job: base conf ipc event store api
tool: base conf ipc store mail view api
resource: base conf ipc store mail view api tool
rest: base conf ipc store mail view api tool
mcp: base conf ipc event store mail view api tool resource rest job
serve: base conf ipc event net store mail view api tool resource rest job mcp
worker: base conf ipc event net store job mcp serve
archive: base conf ipc event store
keeper: base conf ipc event store mail api tool resource
guard: base mail
helper: base conf ipc event guard archive
cli: guard base conf ipc store mail view api tool resource archive
'

printf '%s\n' "$rules" | while IFS=: read -r folder allowed; do
	[ -n "$folder" ] && [ -d "src/$folder" ] || continue
	grep -nHo '#include "[a-z]*/' src/"$folder"/*.[ch] src/"$folder"/*/*.[ch] src/"$folder"/*/*.def 2>/dev/null | while IFS= read -r hit; do
		to=${hit##*\"}
		to=${to%/}
		case " $folder $allowed " in
		*" $to "*) ;;
		*) echo "layers: ${hit%%:#*}: $folder may not include $to/"; echo x >> "${TMPDIR:-/tmp}/layers.$$" ;;
		esac
	done
done
[ -f "${TMPDIR:-/tmp}/layers.$$" ] && { rm -f "${TMPDIR:-/tmp}/layers.$$"; fail=1; }

# The same inside mail/ and archive/: part, parts of the room that it may include; "." is the room itself. No circles.
parts='
mail/project:
mail/agent: project
mail/reservation: project agent
mail/build_slot: project agent
mail/contact: . project agent reservation
mail/message: . project agent reservation contact
mail/search: project agent message
mail/product: project agent search
mail/archive: project
mail/ops: project agent reservation build_slot contact message
archive/pack:
archive/git: pack
archive/content: pack
archive/query: pack git
'
for d in src/mail/*/ src/archive/*/; do
	d=${d#src/}
	d=${d%/}
	case "$parts" in
	*"
$d:"*) ;;
	*) echo "layers: $d has no row in the table of parts"; fail=1 ;;
	esac
done
bad=$(printf '%s\n' "$parts" | while IFS=: read -r part allowed; do
	[ -n "$part" ] || continue
	room=${part%/*}
	grep -nHo "#include \"$room/[^\"]*" src/"$part"/*.[ch] 2>/dev/null | while IFS= read -r hit; do
		to=${hit##*\"}
		to=${to%/*}
		[ "$to" = "$room" ] && to=. || to=${to#"$room"/}
		case " ${part#*/} $allowed " in
		*" $to "*) ;;
		*) echo "layers: ${hit%%:#*}: $part may not include $room/$to" ;;
		esac
	done
done)
[ -z "$bad" ] || { printf '%s\n' "$bad"; fail=1; }

# A file is a .c with its .h. No file of one folder needs a file of another one that needs it in turn.
grep -rHo --include='*.[ch]' '#include "[^"]*\.h"' src | awk -F: '
	function folder(f) { sub(/\/[^\/]*$/, "", f); return f }
	function reaches(from, to,   i, n, next_) {
		if (from == to) return 1
		if (from in seen) return 0
		seen[from] = 1
		n = split(succ[from], next_, " ")
		for (i = 1; i <= n; i++)
			if (next_[i] in live && reaches(next_[i], to)) return 1
		return 0
	}
	{
		from = $1; to = $2
		sub(/^src\//, "", from); sub(/\.[ch]$/, "", from)
		sub(/^#include "/, "", to); sub(/\.h"$/, "", to)
		if (from == to || (from, to) in edge) next
		edge[from, to] = 1
		succ[from] = succ[from] " " to
		live[from]; live[to]
	}
	END {
		do {   # what leads nowhere is in no circle
			gone = 0
			for (f in live) {
				n = split(succ[f], next_, " ")
				for (i = 1; i <= n && !(next_[i] in live); i++)
					;
				if (i > n) { delete live[f]; gone = 1 }
			}
		} while (gone)
		for (f in live) {
			n = split(succ[f], next_, " ")
			for (i = 1; i <= n; i++) {
				if (!(next_[i] in live) || folder(f) == folder(next_[i])) continue
				split("", seen)
				if (reaches(next_[i], f)) { printf "layers: circle of files: %s includes %s, which leads back to it\n", f, next_[i]; bad = 1 }
			}
		}
		exit bad
	}' || fail=1

# header, who may include it
only() {
	pattern=$1
	shift
	for f in $(grep -rlE "#include <($pattern)" src); do
		ok=0
		for where in "$@"; do
			case $f in $where) ok=1 ;; esac
		done
		[ $ok = 1 ] || { echo "layers: $f: <$pattern> does not belong here"; fail=1; }
	done
}
only 'sqlite3.h' 'src/store/*'
only 'git2' 'src/archive/git/*' 'src/archive/pack/*' 'src/archive/query/*'
only 'ev.h' 'src/event/*'
only 'json-c/' 'src/base/json_read.c'
only 'openssl/' 'src/base/hash.c' 'src/base/rng.c' 'src/archive/pack/oid.c' 'src/archive/pack/packfile.c'
only 'gd.h' 'src/helper/picture/convert.c'
only 'curl/' 'src/cli/*' 'src/helper/chat.c'
for f in $(grep -rlE '#include "(net/|serve/[^t])' src/mcp); do
	echo "layers: $f: mcp/ knows no transport"
	fail=1
done
for f in $(grep -rlE '#include "(base/json_read|net/)' src/mail); do
	echo "layers: $f: mail/ knows neither incoming JSON nor HTTP"
	fail=1
done
# Answers are written in view/. In mail/ JSON is data of failures, through fail_data(), and what is kept in a row or a file.
for f in $(grep -rlE '#include "base/json_write|\<jw_(init|reopen)\(' src/mail) \
	$(grep -rl --include='*.h' 'struct jw \*' src/mail); do
	case $f in
	src/mail/message/attach_list.[ch] | src/mail/message/signal.c | src/mail/search/recent_text.c) ;;
	*) echo "layers: $f: mail/ writes no JSON but failures, attachments, signals and kept summaries"; fail=1 ;;
	esac
done
for f in $(grep -rlE '\<(DIALECT|DOOR)_|enum dialect' src/base src/conf src/ipc src/store src/mail src/view); do
	echo "layers: $f: below api/ nobody asks for the dialect: rules are values (mail/rules.h)"
	fail=1
done
for f in $(grep -lE '#include "net/http' src/net/*.[ch] | grep -v '^src/net/http.h$'); do
	echo "layers: $f: connections know no protocol; what one needs is in its table of functions (net/conn.h)"
	fail=1
done
exit $fail
