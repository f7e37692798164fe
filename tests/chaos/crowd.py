"""Many connections, slow ones, and clients that vanish: memory and descriptors of the workers come back."""

import json
import os
import resource
import socket
import threading
import time

from client import Client
from daemon import Daemon, expect, wait_until
from mailers import Crowd, Ledger, settle_people


def pss(pid):
    with open("/proc/%d/smaps_rollup" % pid) as f:
        for line in f:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def measure(d):
    pids = d.children("worker")
    return sum(pss(p) for p in pids), sum(descriptors(p) for p in pids)


def connect(port):
    return socket.create_connection(("127.0.0.1", port), 30)


SEND = json.dumps({"project_slug": "/chaos/one", "sender_name": "BlueLake", "recipient_names": ["RedCastle"], "subject": "slow",
                   "body_md": "from a slow client"}).encode()
POST = b"POST /api/message/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(SEND)
GET = b"GET /api/inbox?project_slug=chaos-one&agent_name=RedCastle HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def dribble(s, data, seconds, pause):
    """A byte at a time; "" when the server has had enough, else what it answered."""
    end = time.monotonic() + seconds
    s.setblocking(False)
    for i in range(len(data)):
        try:
            s.send(data[i:i + 1])
        except (BrokenPipeError, ConnectionResetError):
            return "cut"
        except BlockingIOError:
            pass
        time.sleep(pause)
        try:
            said = s.recv(4096)
            return said.decode(errors="replace") if said else "cut"
        except BlockingIOError:
            pass
        except ConnectionResetError:
            return "cut"
        if time.monotonic() > end:
            return "open"
    return "open"


def slow_clients(d, count, verdicts):
    def head():
        s = connect(d.port)
        verdicts.append(("head", dribble(s, GET * 10, 20, 1.0)))
        s.close()

    def body():
        s = connect(d.port)
        s.sendall(POST)
        verdicts.append(("body", dribble(s, SEND, 20, 1.0)))
        s.close()

    def reader():
        s = connect(d.port)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            for _ in range(200):
                s.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            for _ in range(12):
                s.recv(1)
                time.sleep(1)
            verdicts.append(("reader", "open"))
        except OSError:
            verdicts.append(("reader", "cut"))
        s.close()
    threads = [threading.Thread(target=f, daemon=True) for f in (head, body, reader) for _ in range(count)]
    for t in threads:
        t.start()
    return threads


def vanish(port, n):
    for i in range(n):
        s = connect(port)
        part = [POST[:20 + i % 60], POST + SEND[:i % len(SEND)], POST + SEND, GET * 20][i % 4]
        s.sendall(part)
        if i % 2:
            # A reset instead of an end.
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()


def many(idle, active, seconds, slow):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = idle + active + 500
    if soft < want:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(want, hard) if hard > 0 else want, hard))
    d = Daemon("header_timeout=5s", "body_timeout=6s", "write_timeout=5s")
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        warm = Crowd(d.port, ledger, 4)
        time.sleep(1)
        warm.stop()
        wait_until(lambda: measure(d)[1] < 120, "quiet")
        memory, fds = measure(d)
        quiet = [connect(d.port) for _ in range(idle)]
        verdicts = []
        threads = slow_clients(d, slow, verdicts) if slow else []
        crowd = Crowd(d.port, ledger, active, pause=0.3)
        vanish(d.port, 400)
        time.sleep(seconds)
        loaded = measure(d)[0]
        crowd.stop()
        for t in threads:
            t.join(40)
        expect(not ledger.lost and not ledger.refused, "%d requests lost, refused %s" % (ledger.lost, ledger.refused[:1]))
        for what, end in verdicts:
            expect(end != "open" or what == "reader", "a slow %s was never cut off" % what)
            expect(end == "cut" or end == "open" or " 408 " in end.split("\r\n")[0], "a slow %s was told: %s" % (what, end[:80]))
        for s in quiet:
            s.close()
        wait_until(lambda: measure(d)[1] <= fds, "descriptors come back to %d" % fds, 20, 0.1)
        after = measure(d)[0]
        expect(loaded < memory + 24 * (idle + active) + 20480, "PSS %d kB under load, %d before" % (loaded, memory))
        expect(after < memory + 16384, "PSS %d kB after, %d before" % (after, memory))
        c = Client(d.port)
        expect(c.get("/health")[0] == 200, "not healthy")
        d.stop()
        return "%d idle, %d active, %d slow, 400 vanished; workers' PSS %d -> %d -> %d kB, %d descriptors" % (
            idle, active, len(threads), memory, loaded, after, fds)
    finally:
        d.clean()


SCENARIOS = [("crowd: idle, active, vanishing", lambda: many(300, 30, 1, 0), lambda: many(1000, 200, 15, 20))]
