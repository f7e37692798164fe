#!/bin/sh
# rest_seed - the requests of the seed's scripts, byte for byte (workloads/seed-requests.md), against a fresh
# daemon: every answer is 200 in the first pass; in every later one the two registrations are 409.
# Usage: [BUILD=build] rest_seed.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
build=$(realpath "${BUILD:-build}")
failed=0
body=$(mktemp) || exit 1
trap 'daemon_stop; rm -f "$body"' EXIT

# want STATUS PART WHAT [curl arguments]: the status, and a piece of the body.
want() {
	_status=$1 _part=$2 _what=$3
	shift 3
	_got=$(curl -s -o "$body" -w '%{http_code}' "$@")
	if [ "$_got" != "$_status" ] || { [ -n "$_part" ] && ! grep -qF -- "$_part" "$body"; }; then
		echo "$_what: $_got, wanted $_status with $_part; got $(head -c 300 "$body")" >&2
		failed=1
	fi
}

# post STATUS PART WHAT LENGTH PATH BODY [curl arguments]: LENGTH is the Content-Length that the seed's client sends.
post() {
	_length=$4 _path=$5 _data=$6 _s=$1 _p=$2 _w=$3
	shift 6
	[ "$(printf %s "$_data" | wc -c)" -eq "$_length" ] || { echo "$_w: not the seed's bytes" >&2; failed=1; }
	want "$_s" "$_p" "$_w" -X POST "$url$_path" -H 'Content-Type: application/json' "$@" -d "$_data"
}

# hey's own headers on a GET: a content type without a body, and no Accept.
hey() {
	want 200 "$2" "$1" -H 'User-Agent: hey/0.0.1' -H 'Content-Type: text/html' -H 'Accept-Encoding: gzip' -H 'Accept:' "$url$1"
}

tools='{"jsonrpc":"2.0","method":"tools/list","params":{},"id":1}'

# pass STATUS PART: section 1 of the page; what the registrations answer.
pass() {
	post 200 '"human_key":"benchmark-project"' R1 34 /api/project/ensure '{"human_key": "benchmark-project"}'
	post "$1" "$2" R2 84 /api/agent/register \
	    '{"project_slug":"benchmark-project","name":"sender","program":"test","model":"test"}'
	post "$1" "$2" R3 86 /api/agent/register \
	    '{"project_slug":"benchmark-project","name":"receiver","program":"test","model":"test"}'
	post 200 '"subject":"Test"' L1 127 /api/message/send \
	    '{"project_slug":"benchmark-project","sender_name":"sender","recipient_names":["receiver"],"subject":"Test","body_md":"Content"}'
	post 200 '"sender_name":"sender"' L2 60 /api/inbox '{"project_slug":"benchmark-project","agent_name":"receiver"}'
	want 200 '"tools":[' "4.3" -X POST "$url/mcp" -H 'Content-Type: application/json' \
	    -H 'Accept: application/json, text/event-stream' -d "$tools"
}

# What unified_benchmark.sh sends, in its order.
unified() {
	want 200 '{"status":"healthy","uptime_seconds":' P0 "$url/health"
	hey /health '{"status":"healthy","uptime_seconds":'
	hey /health/liveness '{"status":"alive"}'
	hey /ready '{"status":"ready","database":"connected"}'
	hey /health/readiness '{"status":"ready"}'
	post 200 '"tools":[' T3 58 /mcp "$tools" -H 'Accept:'
	post 200 '"human_key":"benchmark-project"' P1 34 /api/project/ensure '{"human_key": "benchmark-project"}'
	post "$1" "$2" P2 85 /api/agent/register \
	    '{"project_slug":"benchmark-project","name":"sender","program":"bench","model":"test"}'
	post "$1" "$2" P3 87 /api/agent/register \
	    '{"project_slug":"benchmark-project","name":"receiver","program":"bench","model":"test"}'
	post 200 '"body_md":"Test"' T4 125 /api/message/send \
	    '{"project_slug":"benchmark-project","sender_name":"sender","recipient_names":["receiver"],"subject":"Bench","body_md":"Test"}'
	post 200 '"subject":"Bench"' T5 60 /api/inbox '{"project_slug":"benchmark-project","agent_name":"receiver"}'
}

for first in pass unified; do
	daemon_start "$build" -o rate_limit_enabled=false
	url=http://127.0.0.1:$DAEMON_PORT
	$first 200 '"inception_ts":'
	pass 409 '"code":"CONFLICT"'
	unified 409 '"code":"CONFLICT"'
	want 200 'agentmail_request_seconds_count{kind="rest",name="message_send"} 3' metrics "$url/metrics"
	want 405 '' 'wrong method' "$url/api/message/send"
	want 404 '' 'unknown path' "$url/api/nope"
	[ "$failed" -eq 0 ] || { cat "$DAEMON_DIR/log" >&2; exit 1; }
	[ "$first" = unified ] || daemon_stop
done
echo "seed: every request answered as promised"
