#!/bin/sh
# tools.sh - what each tool costs over MCP with 1,000, 100,000 and 1,000,000 messages in the project: p50, p99 and the
# worker's CPU per call, one caller on one connection. At 100,000 a tool that answers from the database stays under 1 ms of it.
#
# Usage: [BUILD=build] [SIZES="1000 100000 1000000"] bench/tools.sh [TOOL]...     after `make bench`
# Exit code 0 when every tool has a row in bench/tools.def, answers right and keeps to its limit. Needs sqlite3, curl, git.
set -eu

BUILD=${BUILD:-build}
SIZES=${SIZES:-1000 100000 1000000}
HERE=$(cd "$(dirname "$0")" && pwd)
LIMIT_AT=100000
LIMIT_US=1000
TAB=$(printf '\t')
command -v sqlite3 >/dev/null || { echo "tools: sqlite3 is missing (apt-get install sqlite3)" >&2; exit 2; }
. "$HERE/../tests/support/daemon.sh"
out=$(mktemp -d "${TMPDIR:-/tmp}/agentmail-tools-XXXXXX")
trap 'daemon_stop; rm -rf "$out"' EXIT INT TERM
failed=0

# One project with N messages of 100 agents: a tenth of them for agent-001 (nine of ten read), threads of ten, a hundredth
# under a topic, a twentieth asks for acknowledgement; two reservations for each agent, further agents and projects to retire and to delete.
fill() {
	sqlite3 "$1" >/dev/null <<-END
	PRAGMA synchronous = OFF;
	BEGIN;
	INSERT INTO projects (id, slug, human_key, created_at) VALUES (1, 'bench-mail', '/bench/mail', $2);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
	INSERT INTO projects (slug, human_key, created_at)
	SELECT 'victim-p-' || i, 'victim-p-' || i, $2 FROM n UNION ALL SELECT 'victim-q-' || i, 'victim-q-' || i, $2 FROM n;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
	INSERT INTO agents (id, project_id, name, name_key, program, model, inception_ts, last_active_ts)
	SELECT i, 1, printf('agent-%03d', i), printf('agent%03d', i), 'bench', 'none', $2, $2 FROM n;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
	INSERT INTO agents (project_id, name, name_key, program, model, inception_ts, last_active_ts)
	SELECT 1, 'victim-' || i, 'victim' || i, 'bench', 'none', $2, $2 FROM n;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
	INSERT INTO messages (id, project_id, sender_id, thread_id, topic, importance, ack_required, created_ts, subject, body_md)
	SELECT i, 1, 2 + i * 7 % 99, 'T-' || (i / 10), CASE WHEN i % 100 = 50 THEN 'deploy' END,
	CASE WHEN i % 50 = 0 THEN 'urgent' ELSE 'normal' END, i % 20 = 0, $2 - ($3 - i) * 1000000,
	'Subject ' || i || CASE WHEN i % 97 = 0 THEN ' database' ELSE ' build' END,
	'Message ' || i || ' about ' || CASE WHEN i % 89 = 0 THEN 'the migration' ELSE 'the parser' END ||
	'. I changed src/module' || (i % 300) || '/file.c and the tests pass. Action: look at the limits, @agent-' ||
	printf('%03d', i % 100) || '. What about the old callers? Next step is the review of the second half of this change.' FROM n;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
	INSERT INTO message_recipients (agent_id, message_id, kind, read_ts)
	SELECT CASE WHEN i % 10 = 0 THEN 1 ELSE 2 + i % 99 END, i, 'to', CASE WHEN i <= $3 * 9 / 10 THEN $2 END FROM n;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
	INSERT INTO window_identities (project_id, window_uuid, display_name, created_ts, last_active_ts)
	SELECT 1, '00000000-0000-4000-8000-00000000000' || i, 'BlueLake' || i, $2, $2 FROM n;
	INSERT INTO agent_traffic VALUES (2, 3, $2);
	INSERT INTO agents (id, project_id, name, name_key, program, model, inception_ts, last_active_ts)
	VALUES (1000, 1, 'idle', 'idle', 'bench', 'none', 0, 1);
	INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)
	VALUES (1, 1000, 'held/by/an/idle/agent', 1, $2 + 100000000000);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
	INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)
	SELECT 1, 13 + i % 80, 'lib/part' || i || '/*.c', $2, $2 + 100000000000 FROM n;
	COMMIT;
	END
}

indexed() { sqlite3 -readonly "$DAEMON_DIR/data/agentmail.db" "SELECT value >= $1 FROM keeper_state WHERE key = 'indexed_through'"; }

# field NAME: of the last line of load
field() { sed -n "s/.* $1=\([0-9.]*\).*/\1/p" "$out/line"; }

measure() {
	size=$1
	shift
	daemon_start "$BUILD" -o log_level=warn
	daemon_halt
	rm -rf "$DAEMON_DIR/data/archive"
	echo "tools: $size messages are written" >&2
	fill "$DAEMON_DIR/data/agentmail.db" "$(($(date +%s) * 1000000))" "$size"
	DAEMON_OPTIONS="-o log_level=warn -o workers=1 -o guard_roots=$DAEMON_DIR"
	daemon_run
	worker=$(pgrep -P "$DAEMON_PID" -f 'agentmaild: worker 0')
	git init -q "$DAEMON_DIR/repo"
	until [ "$(indexed "$size")" = 1 ]; do sleep 0.2; done
	while IFS=$TAB read -r tool calls expect limit args; do
		case $tool in '#'*) continue ;; esac
		[ "$limit" = exempt ] || { args=$limit; limit=; }
		[ $# -eq 0 ] || case " $* " in *" $tool "*) ;; *) continue ;; esac
		# Message ids count in steps of ten: those that agent-001 has.
		args=$(printf '%s' "$args" | sed "s|%REPO%|$DAEMON_DIR/repo|; s|%MSG%|%SEQ%0|")
		"$BUILD/bench/load" -c 1 -n "$calls" -q 1 -l "$tool" -P "$worker" -H 'Content-Type: application/json' -x "$expect" \
		    -b "{\"jsonrpc\":\"2.0\",\"id\":%SEQ%,\"method\":\"tools/call\",\"params\":{\"name\":\"$tool\",\"arguments\":$args}}" \
		    "http://127.0.0.1:$DAEMON_PORT/mcp" >"$out/line" || { echo "tools: $tool: wrong answers: $(cat "$out/line")" >&2; failed=1; }
		printf '%s\t%s\t%s\t%s\n' "$(field p50_us)" "$(field p99_us)" "$(field cpu_us_per_answer)" "$limit" >"$out/$tool.$size"
		if [ "$size" = $LIMIT_AT ] && [ -z "$limit" ] && [ "$(field cpu_us_per_answer | cut -d. -f1)" -ge $LIMIT_US ]; then
			echo "tools: $tool: $(field cpu_us_per_answer) us of CPU, at most $LIMIT_US" >&2
			failed=1
		fi
	done <"$HERE/tools.def"
	# Every tool has its row.
	curl -sf -H 'Content-Type: application/json' "http://127.0.0.1:$DAEMON_PORT/mcp" \
	    -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' | grep -o '"name":"[a-z_]*","description"' | cut -d'"' -f4 >"$out/names"
	while read -r tool; do
		grep -q "^$tool$TAB" "$HERE/tools.def" || { echo "tools: $tool has no row in bench/tools.def" >&2; failed=1; }
	done <"$out/names"
	daemon_stop
}

for size in $SIZES; do measure "$size" "$@"; done

printf '%s, %s processors, load average %s; microseconds: p50, p99, CPU of the worker per call\n\n' \
    "$(date -u +%Y-%m-%dT%H:%MZ)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
printf '| tool |'; for size in $SIZES; do printf ' %s: p50 | p99 | CPU |' "$size"; done; echo
printf '|---|'; for size in $SIZES; do printf -- '---|---|---|'; done; echo
cut -d "$TAB" -f 1 "$HERE/tools.def" | uniq | while read -r tool; do
	[ -e "$out/$tool.${SIZES%% *}" ] || continue
	printf '| %s |' "$tool"
	for size in $SIZES; do
		IFS=$TAB read -r p50 p99 cpu limit <"$out/$tool.$size"
		printf ' %s | %s | %s |' "$p50" "$p99" "$cpu"
	done
	echo
done
exit $failed
