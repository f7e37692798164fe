"""An HTTP client that knows whether an answer was read to its end, and calls in the daemon's two languages."""

import json
import socket


class Lost(Exception):
    """No complete answer: whether the request was done is not known."""


class Refused(Exception):
    """A complete answer that says no."""

    def __init__(self, status, text):
        super().__init__("%d %s" % (status, text))
        self.status = status


class Client:
    """One connection that is made anew when it breaks; `keep` False makes one for each request."""

    def __init__(self, port, keep=True, timeout=20):
        self.port, self.keep, self.timeout = port, keep, timeout
        self.socket = None
        self.rest = b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.rest = None, b""

    def read_answer(self):
        data = self.rest
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            if not more:
                raise Lost("closed in the head")
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict((k.lower(), v.strip()) for k, _, v in (line.partition(":") for line in lines[1:]))
        n = int(fields.get("content-length", "0"))
        while len(data) < n:
            more = self.socket.recv(65536)
            if not more:
                raise Lost("closed in the body")
            data += more
        body, self.rest = data[:n], data[n:]
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split()[1]), body

    def request(self, method, path, body=None, headers=()):
        data = b"" if body is None else json.dumps(body).encode()
        head = ["%s %s HTTP/1.1" % (method, path), "Host: 127.0.0.1", *headers]
        if body is not None:
            head += ["Content-Type: application/json", "Content-Length: %d" % len(data)]
        if not self.keep:
            head.append("Connection: close")
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            self.socket.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + data)
            status, answer = self.read_answer()
        except (OSError, Lost) as e:
            self.close()
            raise Lost(str(e) or type(e).__name__)
        if not self.keep:
            self.close()
        return status, answer

    def get(self, path):
        return self.request("GET", path)

    def tool(self, tool, /, **arguments):
        """An MCP call: the structured result."""
        status, body = self.request("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                                    "params": {"name": tool, "arguments": arguments}},
                                    ["Accept: application/json, text/event-stream"])
        try:
            answer = json.loads(body)
        except ValueError:
            raise Refused(status, body.decode(errors="replace"))
        result = answer.get("result")
        if status != 200 or result is None or result.get("isError"):
            raise Refused(status, json.dumps(answer))
        return result["structuredContent"]

    def rest_call(self, path, key=None, /, **fields):
        status, body = self.request("POST", path, fields, ["Idempotency-Key: " + key] if key else [])
        if status != 200:
            raise Refused(status, body.decode(errors="replace"))
        return json.loads(body)
