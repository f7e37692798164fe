#!/bin/sh
# mcp_sessions - one MCP session over four workers, a reload and a restart: each
# request comes by a connection of its own, so by whatever worker. Bindings hold
# too (agent_auth = token); after DELETE the session is gone everywhere.
# Usage: [BUILD=build] mcp_sessions.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
build=$(realpath "${BUILD:-build}")
failed=0
head=$(mktemp) && body=$(mktemp) || exit 1
trap 'daemon_stop; rm -f "$head" "$body"' EXIT

# post STATUS PART WHAT BODY [curl arguments]
post() {
	_status=$1 _part=$2 _what=$3 _data=$4
	shift 4
	_got=$(curl -s -D "$head" -o "$body" -w '%{http_code}' -X POST "$url" -H 'Content-Type: application/json' "$@" -d "$_data")
	if [ "$_got" != "$_status" ] || { [ -n "$_part" ] && ! grep -qF -- "$_part" "$body"; }; then
		echo "$_what: $_got, wanted $_status with $_part; got $(head -c 300 "$body")" >&2
		failed=1
	fi
}

# tool NAME ARGUMENTS PART
tool() {
	post 200 "$3" "$1" "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"$1\",\"arguments\":$2}}" \
	    -H "Mcp-Session-Id: $session"
}

# everywhere STATUS WHAT: as often as it takes to meet every worker
everywhere() {
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		post "$1" "" "$2" '{"jsonrpc":"2.0","id":1,"method":"ping"}' -H "Mcp-Session-Id: $session"
	done
}

daemon_start "$build" -o workers=4 -o agent_auth=token
url=http://127.0.0.1:$DAEMON_PORT/mcp
post 200 '"2025-06-18"' initialize '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}'
session=$(tr -d '\r' <"$head" | awk 'tolower($1) == "mcp-session-id:" { print $2 }')
[ -n "$session" ] || { echo "no session id" >&2; exit 1; }
everywhere 200 "after initialize"

tool ensure_project '{"human_key":"/srv/sessions"}' '"isError":false'
tool register_agent '{"project_key":"/srv/sessions","program":"p","model":"m","name":"BlueLake"}' '"isError":false'
inbox='{"project_key":"/srv/sessions","agent_name":"BlueLake"}'
tool fetch_inbox "$inbox" '"isError":false'

kill -HUP "$DAEMON_PID"
everywhere 200 "during the reload"
tool fetch_inbox "$inbox" '"isError":false'

daemon_restart
everywhere 200 "after the restart"
tool fetch_inbox "$inbox" '"isError":false'
post 200 'requires registration_token' "without the session" \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"fetch_inbox\",\"arguments\":$inbox}}"

[ "$(curl -s -o /dev/null -w '%{http_code}' -X DELETE "$url" -H "Mcp-Session-Id: $session")" = 204 ] ||
    { echo "DELETE was not 204" >&2; failed=1; }
everywhere 404 "after DELETE"
[ "$failed" = 0 ] && echo "mcp_sessions: ok"
exit $failed
