"""Reload, log rotation, upgrade and crashes under mail from a new connection for each request: every answer is counted."""

import os
import shutil
import signal
import socket
import time

from agree import all_agree
from daemon import Daemon, expect, wait_until
from mailers import Crowd, Ledger, settle_people


def own_binary(d):
    """The program as a file of its own, so that an upgrade has something to start."""
    path = os.path.join(d.dir, "agentmaild")
    shutil.copy2(d.exe, path)
    d.exe = os.path.abspath(path)


def reload(d):
    before = (d.status() or {}).get("generation", 0)
    d.signal(signal.SIGHUP)
    wait_until(lambda: (d.status() or {}).get("generation", 0) > before, "a new generation")
    d.wait_serving()


def rotate(d):
    os.rename(os.path.join(d.dir, "log"), os.path.join(d.dir, "log.%d" % time.time_ns()))
    d.signal(signal.SIGUSR1)
    wait_until(lambda: os.path.exists(os.path.join(d.dir, "log")), "the log is opened anew")


def upgrade(d):
    old = d.master()
    d.signal(signal.SIGUSR2)
    wait_until(lambda: d.master() not in (0, old), "a new master")
    if d.process:
        d.reap()
    wait_until(lambda: not alive_or_zombie(old), "the old master leaves")
    d.wait_serving()


def alive_or_zombie(pid):
    return os.path.exists("/proc/%d" % pid)


def under_mail(turns, crash_too):
    d = Daemon("access_log=no", "drain_timeout=20")
    own_binary(d)
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        crowd = Crowd(d.port, ledger, 6, keep=False, pause=0.005)
        for turn in range(turns):
            for change in (reload, rotate, upgrade):
                change(d)
                n = ledger.answers
                wait_until(lambda: ledger.answers > n + 20, "answers go on after %s" % change.__name__)
        lost, good = ledger.lost, ledger.answers
        expect(lost == 0, "%d of %d requests had no answer" % (lost, lost + good))
        expect(not ledger.refused, "refused: %s" % ledger.refused[:2])
        crashes = 0
        for i in range(turns if crash_too else 0):
            d.kill(d.children("worker")[i % 2])
            crashes += 1
            n = ledger.answers
            wait_until(lambda: ledger.answers > n + 50, "answers go on after a crash")
            d.wait_serving()
        crowd.stop()
        # A crash takes at most what its worker was reading or running: one request of each client.
        expect(ledger.lost <= crashes * 6, "%d requests lost by %d crashes" % (ledger.lost, crashes))
        files = all_agree(d, ledger)
        expect("TWO OWNERS" not in d.log() and "panic" not in d.log(), "the log: " + d.log()[-800:])
        d.stop()
        return "%d changes, %d answers and none lost; %d crashes cost %d answers; %d messages compared" % (
            turns * 3, good, crashes, ledger.lost, files)
    finally:
        d.clean()


def stop_after_winch():
    """Drained without a limit, a worker waits for its slow client; the stop that follows has a limit and keeps it."""
    d = Daemon("drain_timeout=1s", "body_timeout=60s")
    clients = []
    try:
        d.start()
        for _ in range(4):
            s = socket.create_connection(("127.0.0.1", d.port), 10)
            s.sendall(b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
            clients.append(s)
        wait_until(lambda: sum(p["connections"] for p in d.status()["processes"]) == 4, "the clients are accepted")
        d.signal(signal.SIGWINCH)
        wait_until(lambda: any(p["state"] == "draining" for p in d.status()["processes"]), "the workers drain")
        start = time.monotonic()
        d.signal(signal.SIGTERM)
        wait_until(lambda: d.process.poll() is not None, "TERM after WINCH ends it", 20)
        return "ended %.1f s after TERM" % (time.monotonic() - start)
    finally:
        for s in clients:
            s.close()
        d.clean()


SCENARIOS = [("change: TERM after WINCH", stop_after_winch, stop_after_winch),
             ("change: reload, rotate, upgrade, crash", lambda: under_mail(1, True), lambda: under_mail(12, True))]
