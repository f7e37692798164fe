#!/usr/bin/env python3
"""compare.py - two builds of agentmaild side by side: does a change cost anything?

Usage: compare.py BASE_BUILD NEW_BUILD [-r RUNS] [-s SECONDS] [-l LOAD] [FIGURE...]
FIGURE: health list inbox send1 send100 idle start; default all. LOAD: the load generator, NEW_BUILD/bench/load.

Both daemons run at once with the same options and take turns, first one, then the other, each time in another order, so
that whatever else the machine does hits both. A figure is CPU time of all processes of a server for each answer (sends:
until archive and index are done too), PSS at rest, or time from start to first answer; median of the runs with least and
largest. The ratio is the median of the pairs' ratios: that, and not the digits, is what to look at.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "support"))
from daemon import Daemon, free_port, wait_until  # noqa: E402

JSON = ["-H", "Content-Type: application/json"]
LIST = '{"jsonrpc":"2.0","method":"tools/list","params":{},"id":1}'
INBOX = '{"project_slug":"benchmark-project","agent_name":"receiver"}'
SEND = ('{"project_slug":"benchmark-project","sender_name":"sender","recipient_names":["receiver"],"subject":"Bench",'
        '"body_md":"Test"}')
# name: connections, path, body, what the answer holds, whether it writes
LOADS = {
    "health": (100, "/health", None, "healthy", False),
    "list": (100, "/mcp", LIST, '"tools"', False),
    "inbox": (100, "/api/inbox", INBOX, '"subject"', False),
    "send1": (1, "/api/message/send", SEND, '"id":', True),
    "send100": (100, "/api/message/send", SEND, '"id":', True),
}
UNITS = {"idle": "MB", "start": "ms"}


class Side:
    def __init__(self, build, load):
        self.build, self.load = build, load
        self.daemon = Daemon(build=build, plain=True).start()
        self.post("/api/project/ensure", {"human_key": "benchmark-project"})
        for name in ("sender", "receiver"):
            self.post("/api/agent/register", {"project_slug": "benchmark-project", "name": name, "program": "bench",
                                              "model": "test"})
        self.run("fill", 1, 10, "/api/message/send", SEND, '"id":', count=500)
        self.settle()

    def post(self, path, body):
        c = http.client.HTTPConnection("127.0.0.1", self.daemon.port)
        c.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        r = c.getresponse()
        text = r.read()
        c.close()
        if r.status != 200:
            sys.exit("%s %s: %d %s" % (self.build, path, r.status, text[:200]))

    def metric(self, name):
        c = http.client.HTTPConnection("127.0.0.1", self.daemon.port)
        c.request("GET", "/metrics")
        text = c.getresponse().read().decode()
        c.close()
        return sum(float(v) for v in re.findall(r"^agentmail_%s(?:\{[^}]*\})? (\S+)$" % name, text, re.M))

    def settle(self):
        """Until Git and the index have every message."""
        def rested():
            sent = self.metric("messages_sent_total")
            return self.metric("index_rows_total") >= sent and self.metric("archive_backlog") == 0
        wait_until(rested, "archive and index catch up", 120, 0.05)

    def pids(self):
        return [self.daemon.master(), *self.daemon.children()]

    def cpu(self):
        total = 0
        for pid in self.pids():
            for task in os.listdir("/proc/%d/task" % pid):
                with open("/proc/%d/task/%s/schedstat" % (pid, task)) as f:
                    total += int(f.read().split()[0])
        return total / 1000

    def run(self, name, seconds, connections, path, body, part, count=None):
        words = [self.load, "-l", name, "-c", str(connections)]
        words += ["-n", str(count)] if count else ["-d", str(seconds)]
        words += [*JSON, "-b", body] if body else []
        done = subprocess.run([*words, "-x", part, "http://127.0.0.1:%d%s" % (self.daemon.port, path)],
                              stdout=subprocess.PIPE, check=False)
        answers = re.search(rb" answers=(\d+)", done.stdout)
        if done.returncode != 0 or not answers:
            sys.exit("%s %s: wrong answers: %s" % (self.build, name, done.stdout.decode()))
        return int(answers.group(1))

    def figure(self, name, seconds):
        connections, path, body, part, writes = LOADS[name]
        before = self.cpu()
        answers = self.run(name, seconds, connections, path, body, part)
        if writes:
            self.settle()
        return (self.cpu() - before) / answers

    def idle(self):
        total = 0
        for pid in self.pids():
            with open("/proc/%d/smaps_rollup" % pid) as f:
                total += int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
        return total / 1024


def first_answer(build):
    """Milliseconds from fork to the first bytes of an answer, on a new store."""
    d = Daemon(build=build, plain=True, port=free_port())
    begin = time.monotonic()
    d.spawn()
    try:
        while True:
            try:
                c = http.client.HTTPConnection("127.0.0.1", d.port)
                c.request("GET", "/health")
                c.getresponse().read()
                return (time.monotonic() - begin) * 1000
            except OSError:
                time.sleep(0.0005)
    finally:
        d.wait_serving()
        d.stop()
        d.clean()


def fresh_idle(build):
    d = Daemon(build=build, plain=True).start()
    time.sleep(2)
    side = Side.__new__(Side)
    side.daemon = d
    try:
        return side.idle()
    finally:
        d.stop()
        d.clean()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("base")
    p.add_argument("new")
    p.add_argument("-r", type=int, default=5)
    p.add_argument("-s", type=float, default=2)
    p.add_argument("-l")
    p.add_argument("figure", nargs="*")
    o = p.parse_args()
    load = o.l or os.path.join(o.new, "bench", "load")
    figures = o.figure or [*LOADS, "idle", "start"]
    values = {f: ([], []) for f in figures}
    sides = [Side(b, load) for b in (o.base, o.new)] if set(figures) & set(LOADS) else []
    try:
        for i in range(o.r):
            for f in figures:
                for k in ((0, 1) if i % 2 == 0 else (1, 0)):
                    if f == "idle":
                        v = fresh_idle((o.base, o.new)[k])
                    elif f == "start":
                        v = first_answer((o.base, o.new)[k])
                    else:
                        v = sides[k].figure(f, o.s)
                    values[f][k].append(v)
            print("compare: run %d of %d" % (i + 1, o.r), file=sys.stderr)
    finally:
        for s in sides:
            s.daemon.clean()
    print("| figure | %s | spread | %s | spread | ratio | of pairs |\n|---|---|---|---|---|---|---|" % (o.base, o.new))
    for f in figures:
        a, b = values[f]
        pairs = sorted(y / x for x, y in zip(a, b))
        unit = UNITS.get(f, "us CPU")
        print("| %s | %.1f %s | %.1f to %.1f | %.1f %s | %.1f to %.1f | %.3f | %.3f to %.3f |" % (
            f, statistics.median(a), unit, min(a), max(a), statistics.median(b), unit, min(b), max(b),
            statistics.median(pairs), pairs[0], pairs[-1]))


if __name__ == "__main__":
    main()
