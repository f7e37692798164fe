"""A daemon whose helper process is stopped, flooded and killed (see helper.sh)."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

BUILD = sys.argv[1]
TIMEOUT = 3
MANY = 30


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, limit=30):
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def identity(port, directory):
    uri = "resource://identity/" + urllib.parse.quote(directory, safe="")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/mcp",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}}).encode(),
        {"content-type": "application/json", "accept": "application/json, text/event-stream"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(json.load(answer)["result"]["contents"][0]["text"])


def counters(port):
    lines = (line.split() for line in get(port, "/metrics").splitlines() if line.startswith("agentmail_helper_"))
    return {name.removeprefix("agentmail_helper_"): int(value) for name, value in lines}


def forked(pid):
    with contextlib.suppress(OSError):
        return open(f"/proc/{pid}/task/{pid}/children").read().split()
    return []


def children(pid):
    """Role to process ids."""
    found = {}
    for child in forked(pid):
        title = open(f"/proc/{child}/cmdline").read()
        for role in ("worker", "helper"):
            if role in title:
                found.setdefault(role, []).append(int(child))
    return found


def descriptors(port, pids):
    """Of these processes, once no client is connected."""
    def idle():
        rows = [row.split() for row in open("/proc/net/tcp").readlines()[1:]]
        return not any(row[1].endswith(f":{port:04X}") and row[3] in ("01", "08") for row in rows)

    wait_for("the clients have gone", idle)
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


@contextlib.contextmanager
def daemon(directory):
    port = free_port()
    command = [f"{BUILD}/agentmaild", "-F"]
    for setting in (f"port={port}", f"state_dir={directory}/data", "workers=1", f"helper_timeout={TIMEOUT}s"):
        command += ["-o", setting]
    env = {"PATH": f"{directory}/bin:{os.environ['PATH']}", "HOME": directory}
    with open(f"{directory}/log", "ab") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def up():
        assert process.poll() is None, "the daemon has ended"
        with contextlib.suppress(OSError):
            return get(port, "/ready") != "" and "helper" in children(process.pid)
        return False

    try:
        wait_for("the daemon serves", up)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def repositories(directory):
    """One each: a result is good for some seconds."""
    for i in range(MANY + 2):
        subprocess.run(["git", "init", "-q", f"{directory}/r{i}"], check=True, env={"PATH": os.environ["PATH"], "HOME": directory})
    real = shutil.which("git")
    os.mkdir(f"{directory}/bin")
    with open(f"{directory}/bin/git", "w") as script:
        script.write(f'#!/bin/sh\n[ ! -e {directory}/slow ] || exec sleep 60\nexec {real} "$@"\n')
    os.chmod(f"{directory}/bin/git", 0o755)
    return [f"{directory}/r{i}" for i in range(MANY + 2)]


def known(port, directory):
    return identity(port, directory)["repo_root"] == directory


def stopped(port, pid, dirs):
    """A helper that hangs costs its time, once, and others nothing."""
    helper = children(pid)["helper"][0]
    before = counters(port)
    os.kill(helper, signal.SIGSTOP)
    began = time.monotonic()
    with ThreadPoolExecutor(MANY) as pool:
        unknown = [pool.submit(identity, port, d) for d in dirs]
        wait_for("they wait", lambda: counters(port)["queries_waiting"] > 0)
        for _ in range(20):
            at = time.monotonic()
            get(port, "/health")
            assert time.monotonic() - at < TIMEOUT / 2, "a request waited for the helper"
        assert all(u.result()["repo_root"] is None for u in unknown)
    assert time.monotonic() - began < 3 * TIMEOUT, "each waited in turn"
    os.kill(helper, signal.SIGCONT)
    after = counters(port)
    assert after["queries_waiting"] == 0, after
    assert after["queries_total"] - before["queries_total"] == MANY, (before, after)
    late, refused = (after[k] - before[k] for k in ("queries_timed_out_total", "queries_refused_total"))
    assert late > 0 and late + refused == MANY, (before, after)
    assert after["query_us_total"] - before["query_us_total"] >= late * TIMEOUT * 1000000, (before, after)


def killed(port, pid, directory, repository):
    """What it was looking at is unknown at once; its successor looks again."""
    before = counters(port)
    open(f"{directory}/slow", "w").close()
    helper = children(pid)["helper"][0]
    wait_for("it rests", lambda: not forked(helper))
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        unknown = pool.submit(identity, port, repository)
        wait_for("its child runs git", lambda: any(forked(child) for child in forked(helper)))
        os.kill(helper, signal.SIGKILL)
        assert unknown.result()["repo_root"] is None
        assert time.monotonic() - began < TIMEOUT, "its end was not seen"
    os.unlink(f"{directory}/slow")
    after = counters(port)
    assert after["queries_failed_total"] - before["queries_failed_total"] == 1, (before, after)
    wait_for("another helper", lambda: children(pid).get("helper", [helper])[0] != helper)
    assert known(port, repository)


def main():
    directory = tempfile.mkdtemp(prefix="agentmail-helper-")
    try:
        dirs = repositories(directory)
        with daemon(directory) as (port, pid):
            workers = children(pid)["worker"]
            assert known(port, dirs[0])
            open_before = descriptors(port, workers)
            stopped(port, pid, dirs[1:MANY + 1])
            with ThreadPoolExecutor(4) as pool:
                assert all(pool.map(lambda d: known(port, d), dirs[:MANY]))
            killed(port, pid, directory, dirs[-1])
            wait_for("nothing is left open", lambda: descriptors(port, workers) == open_before)
            assert children(pid)["worker"] == workers, "a worker was replaced"
    except BaseException:
        sys.stderr.write(open(f"{directory}/log").read())
        raise
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print("helper: it hangs, is flooded and dies, and nobody waits longer for it")


main()
