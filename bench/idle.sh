#!/usr/bin/env bash
# idle.sh - what an idle keep-alive connection and an idle stream cost in memory: PSS of all processes of the server
# before and with N of them, divided. Pages of files are left out, since other programs that come and go share them. The
# kernel's own memory (about 4 KB for a socket) is not in it.
#
# Usage: [BUILD=build] [N=10000] bench/idle.sh     after `make bench`
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=$(realpath "${BUILD:-build}")
n=${N:-10000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/agentmail-idle-XXXXXX")
own=()
trap 'for p in "${own[@]}"; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$dir"' EXIT

die() { echo "idle: $*" >&2; exit 1; }
most=$(ulimit -Hn)
[ "$most" = unlimited ] || [ "$most" -ge $((n + 100)) ] ||
	die "$n connections need a limit of $((n + 100)) open files; here at most $most are allowed (ulimit -Hn): raise it, or N=$((most - 100))"
for p in agentmaild bench/idle bench/stream_server; do [ -x "$build/$p" ] || die "$build/$p is missing: make bench"; done
free_port() {
	local p
	while :; do
		p=$((10000 + RANDOM % 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
	done
}
pss() { cat /proc/"$1"/smaps_rollup $(pgrep -P "$1" | sed 's#.*#/proc/&/smaps_rollup#') | awk '/^Pss_(Anon|Shmem):/ { s += $2 } END { print s }'; }

# measure WHAT PID PORT PATH LIMIT: a row of the table.
worst=0
measure() {
	local before after each out
	sleep 5
	before=$(pss "$2")
	coproc client { exec "$build/bench/idle" "$n" "$3" "$4"; }
	# shellcheck disable=SC2154
	read -r out <&"${client[0]}" || die "$1: the connections could not be opened"
	sleep 2
	after=$(pss "$2")
	exec {client[1]}>&-
	read -r out <&"${client[0]}"
	wait "$client_PID" 2>/dev/null
	[ "$out" = "still $n" ] || die "$1: $out of $n are left"
	each=$(((after - before) * 1024 / n))
	[ "$each" -le "$5" ] || worst=1
	echo "| $1 | $n | $before KB | $after KB | $each bytes | $5 | $([ "$each" -le "$5" ] && echo yes || echo no) |"
}
# await PORT
await() {
	local end=$((SECONDS + 10))
	until curl -sf "http://127.0.0.1:$1/health" >/dev/null; do [ "$SECONDS" -lt "$end" ] || die "no answer"; sleep 0.05; done
}

echo "| what | how many | memory before | with them | each | at most | met |"
echo "|---|---|---|---|---|---|---|"
port=$(free_port)
env -i PATH="$PATH" "$build/agentmaild" -F -o "port=$port" -o "state_dir=$dir/d" -o keepalive_timeout=1h >"$dir/d.log" 2>&1 &
own+=("$!")
await "$port"
measure "keep-alive connections to agentmaild" "${own[-1]}" "$port" /health 2048
port=$(free_port)
"$build/bench/stream_server" "$port" "$dir" &
own+=("$!")
await "$port"
measure "keep-alive connections to net/ alone" "${own[-1]}" "$port" / 2048
port=$(free_port)
"$build/bench/stream_server" "$port" "$dir" &
own+=("$!")
await "$port"
measure "streams of net/" "${own[-1]}" "$port" /stream 4096
exit $worst
