#!/bin/sh
# mcp_cancel - notifications/cancelled ends a wait_for_mail that another worker holds: the notification comes by
# connections of its own, so by whatever worker; somebody else's session cancels nothing.
# Usage: [BUILD=build] mcp_cancel.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
trap daemon_stop EXIT
daemon_start "$(realpath "${BUILD:-build}")" -o workers=4
python3 - "$DAEMON_PORT" <<'PY'
import http.client, json, sys, threading, time

port = int(sys.argv[1])

def post(body, session=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=70)
    head = {"Content-Type": "application/json"}
    if session:
        head["Mcp-Session-Id"] = session
    c.request("POST", "/mcp", json.dumps(body), head)
    r = c.getresponse()
    text = r.read()
    c.close()
    return r.status, r.headers, json.loads(text) if text else None

def call(id, tool, args, session=None):
    return post({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": args}}, session)

def open_session():
    status, head, _ = post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}})
    assert status == 200
    return head["Mcp-Session-Id"]

def cancel(id, session):
    status, _, body = post({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}}, session)
    assert status == 202 and body is None, (status, body)

def waiting():
    c = http.client.HTTPConnection("127.0.0.1", port)
    c.request("GET", "/metrics")
    for line in c.getresponse().read().decode().splitlines():
        if line.startswith("agentmail_requests_waiting"):
            return float(line.split()[-1])
    raise SystemExit("no such metric")

def until(what, n):
    end = time.monotonic() + 20
    while waiting() != n:
        if time.monotonic() > end:
            raise SystemExit("%s: %s are waiting, not %s" % (what, waiting(), n))
        time.sleep(0.02)

mine, other = open_session(), open_session()
call(1, "ensure_project", {"human_key": "/cancel"})
call(2, "register_agent", {"project_key": "/cancel", "name": "BlueLake", "program": "x", "model": "y"})
got = {}
def wait(id):
    got[id] = call(id, "wait_for_mail", {"project_key": "/cancel", "agent_name": "BlueLake", "timeout_seconds": 50}, mine)
ids = list(range(10, 22))
threads = [threading.Thread(target=wait, args=(i,)) for i in ids]
for t in threads:
    t.start()
until("parked", len(ids))
for i in ids:
    cancel(i, other)
until("cancelled by a stranger", len(ids))
begin = time.monotonic()
for i in ids:
    cancel(i, mine)
for t in threads:
    t.join(30)
assert sorted(got) == ids, got
assert time.monotonic() - begin < 30
for i in ids:
    status, _, body = got[i]
    assert status == 200 and body["id"] == i and body["error"]["code"] == -32800, got[i]
until("all over", 0)
print("mcp_cancel: 12 of 12 waiting calls were cancelled by whatever worker, none by a stranger")
PY
