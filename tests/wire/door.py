"""
door - strangers at the door of the real daemon (door.sh starts it): credentials, Host and size are judged by the head,
before a body is sent; a welcome client is not disturbed. Usage: door.py PORT TOKEN
"""

import json
import socket
import sys
import time

PORT, TOKEN = int(sys.argv[1]), sys.argv[2]
PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
failed = 0


def talk(*pieces):
    """Sends the pieces one by one, then waits for the server to close; what it said."""
    with socket.create_connection(("127.0.0.1", PORT), 10) as s:
        s.settimeout(10)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for p in pieces:
            if callable(p):
                p(s)
            else:
                s.sendall(p)
        said = b""
        while True:
            more = s.recv(65536)
            if not more:
                return said
            said += more


def head(path, *lines, method="POST"):
    return ("\r\n".join(["%s %s HTTP/1.1" % (method, path), "Host: 127.0.0.1", *lines]) + "\r\n\r\n").encode()


def check(what, said, status, *parts):
    global failed
    first = said.split(b"\r\n")[0].decode(errors="replace")
    missing = [p for p in parts if p not in said]
    if not first.startswith("HTTP/1.1 %d " % status) or missing:
        print("%s: wanted %d with %s, got %s" % (what, status, missing, said[:300]), file=sys.stderr)
        failed += 1


LONG = "Content-Length: 8000000"
AUTH = "Authorization: Bearer " + TOKEN
CLOSE = b"Connection: close\r\n"


def until_told(s):
    """Waits for the interim answer."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += s.recv(4096)
    if not said.startswith(b"HTTP/1.1 100 "):
        raise SystemExit("no 100 Continue but %s" % said[:200])


# Nothing but the head is sent: an answer, and the end of the connection, must not wait for more.
for path in ("/mcp", "/api/message/send", "/nowhere"):
    check("stranger at " + path, talk(head(path, LONG)), 401, CLOSE, b"WWW-Authenticate: Bearer")
    check("stranger, chunked, at " + path, talk(head(path, "Transfer-Encoding: chunked"), b"5\r\nhello\r\n"), 401, CLOSE)
    check("stranger who asks first at " + path, talk(head(path, LONG, "Expect: 100-continue")), 401, CLOSE)
check("foreign Host", talk(head("/mcp", LONG).replace(b"Host: 127.0.0.1", b"Host: evil.example")), 403, CLOSE)
check("foreign Origin", talk(head("/mcp", LONG, "Origin: https://evil.example", AUTH)), 403, CLOSE)
check("too large", talk(head("/mcp", "Content-Length: 99999999999", AUTH)), 413, CLOSE)
# Open routes read no body.
check("open route with a body", talk(head("/health", LONG, method="GET")), 200, CLOSE)
check("registration", talk(head("/register", LONG)), 404, CLOSE, b"mcp_oauth")
# All of a refused body may come as well: it is read away, and the answer arrives.
check("stranger who sends all", talk(head("/mcp", "Content-Length: 300000"), b"x" * 300000), 401, CLOSE)
# Whoever has the token sends at leisure.
json_type = "Content-Type: application/json"
length = "Content-Length: %d" % len(PING)
pause = lambda s: time.sleep(0.05)
check("welcome", talk(head("/mcp", AUTH, json_type, length, "Connection: close"), pause, PING[:9], pause, PING[9:]), 200, b'"id":1')
check("welcome, asks first", talk(head("/mcp", AUTH, json_type, length, "Connection: close", "Expect: 100-continue"), until_told, PING),
      200, b'"id":1')
check("welcome, chunked", talk(head("/mcp", AUTH, json_type, "Transfer-Encoding: chunked", "Connection: close"), pause,
                               b"%x\r\n%s\r\n0\r\n\r\n" % (len(PING), PING)), 200, b'"id":1')
# "OPTIONS *" is for the server as a whole.
check("OPTIONS *", talk(head("*", "Connection: close", method="OPTIONS")), 204, b"Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n")
check("GET *", talk(head("*", method="GET")), 400)
sys.exit(1 if failed else 0)
