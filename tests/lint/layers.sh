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
net: base conf ipc event
store: base conf ipc
mail: base conf ipc store view
view: base store mail
api: base conf ipc store mail view tool
job: base conf ipc event net store
tool: base conf ipc store mail view api
resource: base conf ipc store mail view api tool
rest: base conf ipc store mail view api tool
mcp: base conf ipc event net store mail view api tool resource rest job serve
serve: base conf ipc event net store mail view api tool resource rest job mcp
worker: base conf ipc proc event net store job mcp serve
archive: base conf ipc net proc store
keeper: base conf ipc net proc store mail api tool resource
guard: base mail
helper: base conf ipc proc guard archive
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
only 'ev.h' 'src/net/loop*' 'src/worker/*' 'src/archive/archiver.c' 'src/keeper/keeper.c'
only 'json-c/' 'src/base/json_read.c'
only 'openssl/' 'src/base/hash.c' 'src/base/rng.c' 'src/archive/git/oid.c' 'src/archive/pack/packfile.c'
only 'gd.h' 'src/helper/picture/convert.c'
only 'curl/' 'src/cli/*' 'src/helper/chat.c'
only 'http_parser.h|llhttp.h' 'src/net/*'
for f in $(grep -rlE '#include "(base/json_read|net/)' src/mail); do
	echo "layers: $f: mail/ knows neither incoming JSON nor HTTP"
	fail=1
done
exit $fail
