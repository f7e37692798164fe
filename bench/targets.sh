#!/usr/bin/env bash
# targets.sh - measures what agentmaild promises about speed and prints a table: each figure as the median of RUNS
# runs with their spread, beside a baseline of the same run (nginx, null server, raw SQLite, raw libgit2) and the target.
#
# Usage: [BUILD=build] [RUNS=5] [SECS=2] bench/targets.sh [PART]...     after `make bench`
# PART: http send open found inbox drain idle start parked; default all. Nothing outside a directory of its own is touched.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/support/daemon.sh
build=$(realpath "${BUILD:-build}")
runs=${RUNS:-5} secs=${SECS:-2} agents=100
dir=$(mktemp -d "${TMPDIR:-/tmp}/agentmail-bench-XXXXXX")
own=()          # processes to end
declare -A v    # figure -> values of all runs
trap 'daemon_halt; for p in "${own[@]}"; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$dir"' EXIT

die() { echo "targets: $*" >&2; exit 1; }
note() { echo "$*" >&2; }
free_port() {
	local p
	while :; do
		p=$((10000 + RANDOM % 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
	done
}
# wait_for SECONDS COMMAND...
wait_for() {
	local end=$((SECONDS + $1)); shift
	until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$end" ] || return 1; sleep 0.02; done
}
post() { curl -sf -H 'Content-Type: application/json' "$url$1" -d "$2"; }

# daemon [OPTION]...: sets pid and url.
daemon() {
	TMPDIR=$dir daemon_start "$build" "$@"
	pid=$DAEMON_PID url=http://127.0.0.1:$DAEMON_PORT
	post /api/project/ensure '{"human_key": "benchmark-project"}' >/dev/null || die "cannot make the project"
	for a in sender receiver; do
		post /api/agent/register "{\"project_slug\":\"benchmark-project\",\"name\":\"$a\",\"program\":\"bench\",\"model\":\"test\"}" \
		    >/dev/null || die "cannot register $a"
	done
}
stop() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }

# load FIGURE [OPTIONS of load]... URL: remembers FIGURE.rate, .p50, .p99, .cpu; complains about wrong answers.
load() {
	local f=$1 line k; shift
	line=$("$build/bench/load" -l "$f" "$@") || note "wrong answers: $line"
	for k in rate=rate_per_s p50=p50_us p99=p99_us cpu=cpu_us_per_answer bytes=bytes_per_answer; do
		v[$f.${k%=*}]+=" $(sed -n "s/.* ${k#*=}=\([0-9.]*\).*/\1/p" <<<"$line")"
	done
	answers=$(sed -n 's/.* answers=\([0-9]*\).*/\1/p' <<<"$line")
}
# stats VALUES...: median, least, largest.
stats() { printf '%s\n' "$@" | sort -g | awk '{ x[NR] = $1 } END { if (NR) print x[int((NR + 1) / 2)], x[1], x[NR]; else print 0, 0, 0 }'; }
med() { stats ${v[$1]:-} | cut -d' ' -f1; }
calc() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }
short() { awk -v x="$1" 'BEGIN { if (x >= 1000) printf "%.0f", x; else if (x >= 100) printf "%.0f", x; else printf "%.1f", x }'; }

# row WHAT FIGURE SCALE UNIT BASELINE-TEXT BASELINE TARGET-TEXT CONDITION: CONDITION is awk on x, the median in UNIT.
row() {
	local m lo hi x ratio=- met=-
	read -r m lo hi < <(stats ${v[$2]:-})
	x=$(calc "$m * $3" 4)
	[ "$6" = - ] || ratio=$(calc "$x / $6")
	[ "$8" = - ] || met=$(awk -v x="$x" "BEGIN { print ($8) ? \"yes\" : \"no\" }")
	printf '| %s | %s %s | %s to %s | %s | %s | %s | %s |\n' "$1" "$(short "$x")" "$4" "$(short "$(calc "$lo * $3" 4)")" \
	    "$(short "$(calc "$hi * $3" 4)")" "$5" "$ratio" "$7" "$met"
}

# metric NAME: sum over the slots.
metric() { curl -sf "$url/metrics" | awk -v n="agentmail_$1" '{ k = $1; sub(/\{.*/, "", k) } k == n { s += $2 } END { printf "%.0f\n", s }'; }
# settle ROWS: until so many rows are in Git and so many messages in the index more than at the last call.
rows=0 indexed=0
at_rest() { [ "$(metric archive_rows_total)" -ge "$rows" ] && [ "$(metric index_rows_total)" -ge "$indexed" ]; }
settle() {
	rows=$((rows + $1)) indexed=$((indexed + $1))
	wait_for 120 at_rest || die "archive or index does not catch up"
}

json='Content-Type: application/json'
accept='Accept: application/json, text/event-stream'
list='{"jsonrpc":"2.0","method":"tools/list","params":{},"id":1}'
send='{"project_slug":"benchmark-project","sender_name":"sender","recipient_names":["receiver"],"subject":"Bench","body_md":"Test"}'
mcp_send='{"jsonrpc":"2.0","id":%SEQ%,"method":"tools/call","params":{"name":"send_message","arguments":{"project_key":"benchmark-project","sender_name":"sender","to":["receiver"],"subject":"Bench %SEQ%","body_md":"Test %SEQ%"}}}'
inbox='{"project_slug":"benchmark-project","agent_name":"receiver"}'

# Requests that write nothing: nginx, the null server and ours take turns.
part_http() {
	local nginx_port null_port big_port size i
	daemon
	nginx_port=$(free_port) null_port=$(free_port)
	cat >"$dir/nginx.conf" <<-END
	worker_processes 2; daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log;
	events { worker_connections 1024; }
	http { access_log off; keepalive_requests 100000000; client_body_temp_path $dir/nginx-body; proxy_temp_path $dir/nginx-proxy;
	fastcgi_temp_path $dir/nginx-f; uwsgi_temp_path $dir/nginx-u; scgi_temp_path $dir/nginx-s; default_type application/json;
	server { listen 127.0.0.1:$nginx_port reuseport; location / { return 200 '{"status":"healthy","uptime_seconds":1}'; } } }
	END
	if command -v nginx >/dev/null; then
		nginx -c "$dir/nginx.conf" -p "$dir" 2>/dev/null & nginx=$!
		own+=("$nginx")
	else
		note "no nginx here: its row stays empty"
		nginx=
	fi
	"$build/bench/null_server" "$null_port" 2 & null=$!
	own+=("$null")
	load warm -c 1 -n 1 -H "$json" -b "$list" "$url/mcp"
	size=${v[warm.bytes]# }
	big_port=$(free_port)
	"$build/bench/null_server" "$big_port" 2 "$((size - 80))" & big=$!
	own+=("$big")
	sleep 0.3
	for ((i = 0; i < runs; i++)); do
		[ -z "$nginx" ] || load nginx -c $agents -d "$secs" -P "$nginx" "http://127.0.0.1:$nginx_port/"
		load health -c $agents -d "$secs" -P "$pid" -x healthy "$url/health"
		load null -c $agents -d "$secs" -P "$null" "http://127.0.0.1:$null_port/"
		load list -c $agents -d "$secs" -P "$pid" -H "$json" -b "$list" -x '"tools"' "$url/mcp"
		load big -c $agents -d "$secs" -P "$big" "http://127.0.0.1:$big_port/"
	done
	daemon_halt; stop "$null"; stop "$big"; [ -z "$nginx" ] || stop "$nginx"
	local n b
	n=$([ -n "$nginx" ] && med nginx.cpu || echo 1e9)
	b=$(calc "1.5 * $(med health.cpu) + $(med big.cpu) - $(med null.cpu)")
	row "health, CPU per answer" health.cpu 1 us "nginx $n us" "$n" "at most nginx" "x <= $n"
	row "health, rate" health.rate 1 /s "null server $(short "$(med null.rate)")/s" "$(med null.rate)" - -
	row "health, p99" health.p99 0.001 ms - - - -
	row "tools/list, CPU per answer" list.cpu 1 us "1.5 health + its ${size} bytes: $b us" "$b" "at most that" "x <= $b"
	row "tools/list, rate" list.rate 1 /s - - - -
}

# sends NAME PATH BODY [OPTIONS of load]...: figures of load, and NAME.all: CPU per send until archive and index are done.
sends() {
	local name=$1 path=$2 body=$3 before; shift 3
	before=$("$build/bench/cpu" "$pid")
	load "$name" -c $agents -d "$secs" -P "$pid" -H "$json" -H "$accept" -b "$body" "$@" "$url$path"
	settle "$answers"
	v[$name.all]+=" $(calc "($("$build/bench/cpu" "$pid") - $before) / 1000 / $answers")"
}

sqlite_baseline() { v[sqlite.$1]+=" $("$build/bench/limits" sqlite "$dir" "$secs" "$1" | sed -n "s/.* $2=\([0-9.]*\).*/\1/p")"; }

part_send() {
	local i
	daemon
	settle "$(metric archive_backlog)"
	rows=$(metric archive_rows_total)
	for ((i = 0; i < runs; i++)); do
		sqlite_baseline 50 per_s
		sends rest /api/message/send "$send" -x '"id":'
		sends mcp /mcp "$mcp_send" -x '"deliveries'
	done
	daemon_halt
	local b; b=$(med sqlite.50)
	for k in rest mcp; do
		row "durable sends by $k, rate" $k.rate 1 /s "raw SQLite, 50 per commit: $(short "$b")/s" "$b" "12,000/s" "x >= 12000"
		row "durable sends by $k, p99" $k.p99 0.001 ms - - "under 25 ms" "x < 25"
		row "durable sends by $k, CPU while sending" $k.cpu 1 us - - - -
		row "durable sends by $k, CPU with archive and index" $k.all 1 us - - - -
	done
}

part_open() {
	local i
	daemon
	rows=$(metric archive_rows_total)
	for ((i = 0; i < runs; i++)); do
		sends open /api/message/send "$send" -r 5000
	done
	daemon_halt
	row "5,000/s offered, p50" open.p50 0.001 ms - - - -
	row "5,000/s offered, p99" open.p99 0.001 ms - - "under 10 ms" "x < 10"
}

# While others send, a message with a word of its own is searched at once.
part_found() {
	local i j word ours lost
	daemon
	for ((i = 0; i < runs; i++)); do
		"$build/bench/load" -c 20 -d 10 -r 2000 -H "$json" -b "$send" "$url/api/message/send" >/dev/null & ours=$!
		lost=0
		for ((j = 0; j < 40; j++)); do
			word=word$i$RANDOM$j
			post /api/message/send "${send/Test/$word}" >/dev/null || lost=$((lost + 1))
			post /api/messages/search "{\"project_slug\":\"benchmark-project\",\"query\":\"$word\"}" | grep -q '"count":1' ||
				lost=$((lost + 1))
		done
		kill "$ours"; wait "$ours" 2>/dev/null
		v[found]+=" $lost"
	done
	daemon_halt
	row "not found by the search after their send, of 40" found 1 "" - - "none" "x == 0"
}

part_inbox() {
	local i
	daemon
	load fill -c 10 -n 500 -H "$json" -b "$send" "$url/api/message/send"
	for ((i = 0; i < runs; i++)); do
		load inbox -c $agents -d "$secs" -P "$pid" -H "$json" -b "$inbox" -x '"subject"' "$url/api/inbox"
	done
	daemon_halt
	row "inbox of 20 rows, rate" inbox.rate 1 /s - - - -
	row "inbox of 20 rows, CPU per answer" inbox.cpu 1 us - - - -
	row "inbox of 20 rows, p99" inbox.p99 0.001 ms - - - -
}

# The archiver is held while 4,000 messages come in, in directories of 10,000 files and more.
part_drain() {
	local i archiver start b
	daemon
	rows=$(metric archive_rows_total)
	load fill2 -c $agents -n 10000 -H "$json" -b "$send" "$url/api/message/send"
	settle "$answers"
	for ((i = 0; i < runs; i++)); do
		archiver=$(pgrep -P "$pid" -f archiver | head -n 1)
		kill -STOP "$archiver"
		load fill2 -c $agents -n 4000 -H "$json" -b "$send" "$url/api/message/send"
		v[git]+=" $("$build/bench/limits" git "$dir/git$i" "$secs" 256 10000 | sed -n 's/.* per_s=\([0-9.]*\).*/\1/p')"
		start=${EPOCHREALTIME/./}
		kill -CONT "$archiver"
		settle "$answers"
		v[drain]+=" $(calc "$answers * 1000000 / (${EPOCHREALTIME/./} - $start)" 0)"
	done
	daemon_halt
	b=$(med git)
	row "archive drain, directories of 10,000 files" drain 1 /s "raw libgit2, 256 per commit: $(short "$b")/s" "$b" "4,000/s" "x >= 4000"
}

pss() { cat /proc/"$1"/smaps_rollup $(pgrep -P "$1" | sed 's#.*#/proc/&/smaps_rollup#') | awk '/^Pss:/ { s += $2 } END { print s }'; }

part_idle() {
	local i
	for ((i = 0; i < runs; i++)); do
		daemon
		sleep 2
		v[pss]+=" $(pss "$pid")"
		daemon_halt
	done
	row "idle, memory of all processes (PSS)" pss 0.0009765625 MB - - "under 20 MB" "x < 20"
}

# From the moment the shell starts it to the first bytes of an answer, an existing store and a new one.
first_answer() {
	local port line start
	port=$(free_port)
	start=${EPOCHREALTIME/./}
	env -i PATH="$PATH" "$build/agentmaild" -F -o "port=$port" -o "state_dir=$dir/$2" >"$dir/$2.log" 2>&1 &
	pid=$!
	own+=("$pid")
	until { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; do :; done
	printf 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3
	read -r line <&3
	v[$1]+=" $((${EPOCHREALTIME/./} - start))"
	exec 3>&-
	[[ $line == *" 200 "* ]] || die "first answer: $line"
	stop "$pid"
}
part_start() {
	local i
	for ((i = 0; i < runs; i++)); do
		first_answer fresh "start$i"
		first_answer again "start$i"
	done
	row "start to first answer, existing store" again 0.001 ms - - "under 50 ms" "x < 50"
	row "start to first answer, new store" fresh 0.001 ms - - - -
}

# share FIGURE PID OPTIONS of load: percent of a processor that PID uses while 1,000 requests a second come in.
share() {
	local f=$1 p=$2 before start; shift 2
	before=$("$build/bench/cpu" "$p") start=${EPOCHREALTIME/./}
	"$build/bench/load" -l "$f" -c 20 -r 1000 -d "$((secs * 5))" "$@" >/dev/null || note "wrong answers: $f"
	v[$f]+=" $(calc "($("$build/bench/cpu" "$p") - $before) / 10 / (${EPOCHREALTIME/./} - $start)")"
}
waiting() { [ "$(metric requests_waiting)" -eq "$1" ]; }

# What 10,000 requests that wait for mail add to the one worker that holds them.
part_parked() {
	local i n=10000 worker holder wait_body
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge $((n + 200)) ] || die "parked needs $((n + 200)) open files (ulimit -Hn)"
	ulimit -n "$(ulimit -Hn)"
	daemon parked -o workers=1 -o max_connections=20000 -o max_connections_per_client=20000
	post /api/agent/register '{"project_slug":"benchmark-project","name":"waiter","program":"bench","model":"test"}' >/dev/null || die "waiter"
	worker=$(pgrep -P "$pid" -f worker | head -n 1)
	wait_body='{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait_for_mail","arguments":{"project_key":"benchmark-project","agent_name":"waiter","timeout_seconds":55}}}'
	for ((i = 0; i < runs; i++)); do
		share alone.health "$worker" "$url/health"
		share alone.send "$worker" -H "$json" -b "$send" "$url/api/message/send"
		"$build/bench/load" -c $n -d 300 -H "$json" -H "$accept" -b "$wait_body" "$url/mcp" >/dev/null 2>&1 & holder=$!
		own+=("$holder")
		wait_for 30 waiting $n || die "$(metric requests_waiting) of $n requests wait"
		v[parked.memory]+=" $(awk '/^Pss_Anon:/ { print $2 }' "/proc/$worker/smaps_rollup")"
		share parked.health "$worker" "$url/health"
		share parked.send "$worker" -H "$json" -b "$send" "$url/api/message/send"
		waiting $n || note "some of those that wait were answered meanwhile"
		kill "$holder"; wait "$holder" 2>/dev/null
		wait_for 30 waiting 0 || die "requests of a client that has gone still wait"
	done
	stop "$pid"
	for k in health send; do
		v[added.$k]=$(paste -d' ' <(tr ' ' '\n' <<<"${v[parked.$k]}") <(tr ' ' '\n' <<<"${v[alone.$k]}") | awk 'NF == 2 { printf " %.2f", $1 - $2 }')
		row "1,000 $k/s, CPU of the worker" alone.$k 1 % - - - -
		row "1,000 $k/s, CPU that $n waiting requests add" added.$k 1 % "alone $(short "$(med alone.$k)") %" - "under 1 %" "x < 1"
	done
	row "memory of a worker with $n waiting requests" parked.memory 0.0009765625 MB - - - -
}

for program in agentmaild bench/load bench/null_server bench/limits bench/cpu; do
	[ -x "$build/$program" ] || die "$build/$program is missing: make bench"
done
echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r)," \
    "load average $(cut -d' ' -f1 /proc/loadavg), $runs runs of $secs s"
echo
echo '| figure | median | spread | beside | ratio | target | met |'
echo '|---|---|---|---|---|---|---|'
for part in ${@:-http send open found inbox drain idle start parked}; do
	rows=0 indexed=0
	"part_$part"
done
