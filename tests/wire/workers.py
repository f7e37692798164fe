"""
workers - the number of workers far beyond the first start, under load. Started by workers.sh with tests/support
(daemon) and tests/chaos (client) in the path.
"""

import os
import sys
import threading
import time

from client import Client, Lost, Refused
from daemon import Daemon, Failed, expect, wait_until

PROJECT = "/data/h/many"
MANY = 40
WAITERS = 80
# The bus wakes at once; what it loses is found by the second look of a worker, a second apart, at the earliest.
SOON = 0.9


class Load(threading.Thread):
    """Sends mail and asks for health, each on a connection of its own, until it is stopped."""

    def __init__(self, port, number):
        super().__init__(daemon=True)
        self.port, self.number, self.over = port, number, threading.Event()
        self.good, self.bad = 0, []

    def run(self):
        client = Client(self.port, keep=False)
        while not self.over.is_set():
            try:
                client.get("/health")
                client.tool("send_message", project_key=PROJECT, sender_name="BlueLake", to=["RedFox"],
                            subject="load %d" % self.number, body_md="x")
                self.good += 1
            except (Lost, Refused) as e:
                self.bad.append(str(e))

    def stop(self):
        self.over.set()
        self.join()
        return self.bad


def reload_to(daemon, workers):
    with open(os.path.join(daemon.dir, "conf"), "w") as f:
        f.write("workers = %d\n" % workers)
    answer = daemon.ctl("reload")
    expect(answer.startswith("ok"), "reload to %d: %s" % (workers, answer))
    daemon.workers = workers
    return daemon.wait_serving()


def wait_on(port, waiters):
    """Connections that wait for mail to GreenCastle; each writes down when it was answered."""
    def wait(i):
        client = Client(port, timeout=60)
        client.tool("wait_for_mail", project_key=PROJECT, agent_name="GreenCastle", after=waiters[i][1],
                    timeout_seconds=50)
        waiters[i][0] = time.monotonic()
        client.close()
    threads = [threading.Thread(target=wait, args=(i,), daemon=True) for i in range(len(waiters))]
    for t in threads:
        t.start()
    return threads


def waiting(daemon):
    status, body = Client(daemon.port, keep=False).get("/metrics")
    expect(status == 200, "metrics: %d" % status)
    return sum(float(line.split()[-1]) for line in body.decode().splitlines()
               if "requests_waiting" in line and not line.startswith("#"))


def send(client):
    return client.tool("send_message", project_key=PROJECT, sender_name="BlueLake", to=["GreenCastle"], subject="now",
                       body_md="x")["deliveries"][0]["payload"]["id"]


def bus_reaches_all(daemon):
    """One send answers waiters on all workers at once; True when it was at once for each of them."""
    client = Client(daemon.port)
    after = send(client)
    waiters = [[0.0, after] for _ in range(WAITERS)]
    threads = wait_on(daemon.port, waiters)
    wait_until(lambda: waiting(daemon) == WAITERS, "%d requests wait" % WAITERS)
    begun = time.monotonic()
    send(client)
    for t in threads:
        t.join(60)
    late = [w[0] - begun for w in waiters if not 0 < w[0] - begun < SOON]
    if late:
        print("workers: %d of %d were not answered within %.1f s" % (len(late), WAITERS, SOON))
    return not late


def check(daemon):
    client = Client(daemon.port)
    client.tool("ensure_project", human_key=PROJECT)
    for name in ["BlueLake", "GreenCastle", "RedFox"]:
        client.tool("register_agent", project_key=PROJECT, program="p", model="m", name=name)
    first = {p["slot"] for p in daemon.status()["processes"]}
    loads = [Load(daemon.port, i) for i in range(4)]
    for load in loads:
        load.start()
    reload_to(daemon, MANY)
    before = sum(load.good for load in loads)
    wait_until(lambda: sum(load.good for load in loads) > before + 200, "mail is sent through the new workers")
    # Scoreboard: the processes of new slots count what they serve.
    new = [p for p in daemon.status()["processes"] if p["role"] == "worker" and p["slot"] > max(first)]
    expect(len(new) >= MANY - len(first) and sum(p["requests"] > 0 for p in new) > MANY // 2,
           "new slots count nothing: %s" % new)
    for load in loads:
        load.over.set()
    bad = [b for load in loads for b in load.stop()]
    expect(not bad, "lost on the way up: %s" % bad[:3])
    # Three tries: a machine that is busy with something else is no fault of ours.
    expect(any(bus_reaches_all(daemon) for _ in range(3)), "the bus does not wake all workers")
    loads = [Load(daemon.port, i) for i in range(4)]
    for load in loads:
        load.start()
    reload_to(daemon, 1)
    before = sum(load.good for load in loads)
    wait_until(lambda: sum(load.good for load in loads) > before + 100, "the last worker serves")
    bad = [b for load in loads for b in load.stop()]
    expect(not bad, "lost on the way down: %s" % bad[:3])
    expect(bus_reaches_all(daemon), "the last worker does not hear the bus")
    daemon.stop()


def main():
    daemon = Daemon()
    # The file has the number of workers, so that a reload may change it.
    conf = os.path.join(daemon.dir, "conf")
    with open(conf, "w") as f:
        f.write("workers = 2\n")
    daemon.options.remove("workers=2")
    daemon.conf = conf
    try:
        daemon.start()
        check(daemon)
    except Failed as e:
        print("workers: %s; log: %s" % (e, daemon.log()[-1500:]))
        return 1
    finally:
        daemon.clean()
    print("workers: ok")
    return 0


sys.exit(main())
