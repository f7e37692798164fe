"""See parked.sh."""

import http.client
import json
import re
import resource
import socket
import sys

from daemon import Daemon, Failed, expect, wait_until

LIMIT = 2048
PER_ADDRESS = 20000   # connections from one loopback address, by its ports


def metric(port, name):
    c = http.client.HTTPConnection("127.0.0.1", port)
    c.request("GET", "/metrics")
    text = c.getresponse().read().decode()
    c.close()
    return sum(float(v) for v in re.findall(r"^agentmail_%s(?:\{[^}]*\})? (\S+)$" % name, text, re.M))


def anonymous(pid):
    """Bytes of memory that are no file's."""
    with open("/proc/%d/smaps_rollup" % pid) as f:
        return int(re.search(r"^Pss_Anon:\s+(\d+)", f.read(), re.M).group(1)) * 1024


def message(tool, arguments):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                       "params": {"name": tool, "arguments": arguments}}).encode()


def call(port, tool, arguments):
    c = http.client.HTTPConnection("127.0.0.1", port)
    c.request("POST", "/mcp", message(tool, arguments), {"Content-Type": "application/json"})
    r = c.getresponse()
    text = r.read()
    c.close()
    expect(r.status == 200 and b'"isError":false' in text, "%s: %s" % (tool, text[:300]))


def read_answer(s):
    data = b""
    while b"\r\n\r\n" not in data:
        more = s.recv(65536)
        expect(more, "the connection ended")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head).group(1))
    while len(body) < length:
        more = s.recv(65536)
        expect(more, "the connection ended in an answer")
        body += more
    return body


def connect(port, n):
    found = []
    for i in range(n):
        s = socket.socket()
        s.settimeout(60)
        s.bind(("127.0.0.%d" % (2 + i // PER_ADDRESS), 0))
        s.connect(("127.0.0.1", port))
        s.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        read_answer(s)
        found.append(s)
    return found


def run(n):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    expect(hard > 2 * n + 200, "needs ulimit -Hn above %d for both ends; it is %d" % (2 * n + 200, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    d = Daemon("workers=1", "max_connections=%d" % (n + 100), plain=True).start()
    try:
        call(d.port, "ensure_project", {"human_key": "/p"})
        for name in ("BlueLake", "GreenCastle"):
            call(d.port, "register_agent", {"project_key": "/p", "name": name, "program": "x", "model": "y"})
        call(d.port, "set_contact_policy", {"project_key": "/p", "agent_name": "BlueLake", "policy": "open"})
        worker = d.children("worker")[0]
        clients = connect(d.port, n)
        idle = anonymous(worker)
        wait = message("wait_for_mail", {"project_key": "/p", "agent_name": "BlueLake", "timeout_seconds": 55})
        request = (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                   b"Accept: application/json, text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(wait)) + wait
        for s in clients:
            s.sendall(request)
        wait_until(lambda: metric(d.port, "requests_waiting") == n, "%d wait" % n)
        each = (anonymous(worker) - idle) / n
        expect(each <= LIMIT, "a parked request keeps %d bytes, more than %d" % (each, LIMIT))
        clients.pop().close()
        wait_until(lambda: metric(d.port, "requests_waiting") == n - 1, "one is gone")
        call(d.port, "send_message", {"project_key": "/p", "sender_name": "GreenCastle", "to": ["BlueLake"],
                                      "subject": "wake up", "body_md": "b"})
        woken = sum(b"wake up" in read_answer(s) for s in clients)
        expect(woken == n - 1, "%d of %d were told" % (woken, n - 1))
        expect(metric(d.port, "requests_waiting") == 0, "some still wait")
        # The connections serve on.
        for s in clients[:10]:
            s.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            expect(b"healthy" in read_answer(s), "health after a wait")
        print("parked: %d waiting, %d bytes each beyond their connections, all woken by one message" % (n, each))
        d.stop()
    finally:
        d.clean()


if __name__ == "__main__":
    try:
        run(int(sys.argv[1]))
    except Failed as e:
        sys.exit("parked: %s" % e)
