"""A daemon under test in a directory of its own: started, asked over HTTP and the control socket, killed.

The one starter for Python, and for shell through daemon.sh: `daemon.py start BUILD [-o KEY=VALUE]...` prints DAEMON_DIR,
DAEMON_PORT and DAEMON_PID as assignments and leaves it running, with its state in DAEMON_DIR/data; `run DIR PORT BUILD [-o ...]`
starts one on that again, `halt PID` ends one, `port` prints a free one. C tests have daemon.h."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
PATIENCE = 30.0
# Besides the workers.
ROLES = ["archiver", "helper", "keeper"]
# First and number; below the ephemeral range, so that no client's own port takes one while the daemon is down.
# Processes that run daemons at the same time take a part each.
PORTS = (10000, 20000)


class Failed(Exception):
    """What a scenario found wrong, in words."""


class Skip(Exception):
    """Why a scenario cannot run here."""


def expect(condition, words):
    if not condition:
        raise Failed(words)


def wait_until(what, words, patience=PATIENCE, step=0.01):
    """Calls what() until it is true; its value."""
    end = time.monotonic() + patience
    while True:
        value = what()
        if value:
            return value
        expect(time.monotonic() < end, "%s: not within %d s" % (words, patience))
        time.sleep(step)


def free_port():
    while True:
        port = PORTS[0] + int.from_bytes(os.urandom(4), "big") % PORTS[1]
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return ") Z " not in f.read()
    except OSError:
        return False


class Daemon:
    def __init__(self, *options, directory=None, build=None, env=None, place=None, port=None, plain=False):
        """`plain`: nothing is set that the caller does not set."""
        self.dir = directory or tempfile.mkdtemp(prefix="agentmail-chaos-", dir=place)
        self.own = directory is None
        self.exe = os.path.join(build or BUILD, "agentmaild")
        self.port = port or free_port()
        usual = [] if plain else ["contact_enforcement_enabled=no", "upgrade_linger=0", "workers=2"]
        self.options = [*usual, *options]
        # Sanitizers are told where to report (sanitized.sh).
        self.env = {**{k: v for k, v in os.environ.items() if k in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}, **(env or {})}
        self.process = None
        # None: as many as there are processors.
        self.workers = next((int(o.split("=")[1]) for o in reversed(self.options) if o.startswith("workers=")), None)
        # A configuration file of the test's own, for what a reload is to change.
        self.conf = None

    @property
    def database(self):
        return os.path.join(self.dir, "agentmail.db")

    @property
    def archive(self):
        return os.path.join(self.dir, "archive")

    def argv(self):
        words = [self.exe, "-F", *(["-c", self.conf] if self.conf else [])]
        for o in ["state_dir=" + self.dir, "log_file=%s/log" % self.dir, "port=%d" % self.port, *self.options]:
            words += ["-o", o]
        return words

    def spawn(self):
        """Starts it and does not wait."""
        with open(os.path.join(self.dir, "stderr") if os.access(self.dir, os.W_OK) else os.devnull, "ab") as err:
            self.process = subprocess.Popen(self.argv(), stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                                            env={"PATH": os.environ["PATH"], "HOME": self.dir, **self.env})
        return self

    def start(self):
        self.spawn()
        try:
            self.wait_serving()
        except BaseException:
            # Nobody has it yet who could stop it.
            self.clean()
            raise
        return self

    def wait_serving(self):
        def serving():
            status = self.status()
            expect(status or self.master_lives(), "the daemon ended while starting: " + self.log()[-2000:])
            if not status or status.get("phase") != "serving":
                return None
            roles = [c["role"] for c in status["processes"]]
            # There may be roles that this does not know. Each place is held once: no older generation is left.
            places = {(c["role"], c["index"]) for c in status["processes"]}
            return (set(ROLES) <= set(roles) and roles.count("worker") == (self.workers or max(1, roles.count("worker"))) and
                    len(places) == len(roles) and all(c["state"] == "ready" for c in status["processes"]) and status)
        try:
            return wait_until(serving, "the daemon serves")
        except Failed as e:
            raise Failed("%s; log: %s" % (e, self.log()[-1500:]))

    def refused(self):
        """Starts it and waits for its end: exit code and what it said."""
        done = subprocess.run(self.argv(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE, env={"PATH": os.environ["PATH"], "HOME": self.dir, **self.env})
        return done.returncode, done.stdout.decode(errors="replace") + self.log()

    def master(self):
        try:
            with open(os.path.join(self.dir, "agentmaild.pid")) as f:
                return int(f.read() or 0)
        except (OSError, ValueError):
            return 0

    def master_lives(self):
        if self.process and self.process.poll() is None:
            return True
        pid = self.master()
        return pid > 0 and alive(pid)

    def ctl(self, word):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(PATIENCE)
                s.connect(os.path.join(self.dir, "control.sock"))
                s.sendall(word.encode() + b"\n")
                answer = b""
                while not answer.endswith(b"\n"):
                    more = s.recv(65536)
                    if not more:
                        break
                    answer += more
            return answer.decode()
        except OSError:
            return ""

    def status(self):
        try:
            return json.loads(self.ctl("status"))
        except ValueError:
            return None

    def children(self, role=None):
        status = self.status() or {"processes": []}
        return [c["pid"] for c in status["processes"] if role in (None, c["role"])]

    def kill(self, pid, number=signal.SIGKILL):
        try:
            os.kill(pid, number)
            return True
        except ProcessLookupError:
            return False

    def signal(self, number):
        os.kill(self.master(), number)

    def kill_master(self):
        """kill -9 of the master: everybody must be gone before this returns."""
        everybody = self.children()
        self.kill(self.master())
        self.reap()
        wait_until(lambda: not any(alive(p) for p in everybody), "children end with their master", 15)

    def reap(self):
        if self.process:
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                pid, self.process = self.process.pid, None
                raise Failed("master %d does not end" % pid)
            self.process = None

    def stop(self):
        pid = self.master()
        if pid and self.master_lives():
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not alive(pid) or (self.process and self.process.poll() is not None), "TERM ends it", 45)
        code = self.process.wait(PATIENCE) if self.process and self.process.pid == pid else 0
        self.process = None
        expect(code == 0, "exit code %d after TERM" % code)

    def clean(self):
        for pid in self.children() + [self.master()]:
            if pid and self.master_lives():
                self.kill(pid)
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.own:
            shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        text = ""
        elsewhere = [o.split("=", 1)[1] for o in self.options if o.startswith("log_file=")]
        for path in [os.path.join(self.dir, "stderr"), *(elsewhere or [os.path.join(self.dir, "log")])]:
            try:
                with open(path, errors="replace") as f:
                    text += f.read()
            except OSError:
                pass
        return text


def shell_run(directory, port, build, options):
    """Starts a daemon as daemon.sh has them, and leaves it running; its pid."""
    data = os.path.join(directory, "data")
    os.makedirs(data, exist_ok=True)
    d = Daemon(*options, directory=data, build=build, port=port, plain=True, env={"HOME": directory})
    d.argv = lambda: [d.exe, "-F"] + [w for o in ["port=%d" % port, "state_dir=" + data, *d.options] for w in ("-o", o)]
    with open(os.path.join(directory, "log"), "ab") as log:
        d.process = subprocess.Popen(d.argv(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                     env={"PATH": os.environ["PATH"], **d.env})
    try:
        d.wait_serving()
    except Failed as e:
        d.process.kill()
        with open(os.path.join(directory, "log"), errors="replace") as log:
            sys.exit("%s; log: %s" % (e, log.read()[-4000:]))
    return d.process.pid


def shell_halt(pid):
    if alive(pid):
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not alive(pid), "TERM ends it", 45)


def main(words):
    command, words = words[0], words[1:]
    options = [words[i + 1] for i, w in enumerate(words) if w == "-o"]
    if command == "start":
        directory, port = tempfile.mkdtemp(prefix="agentmail-daemon-"), free_port()
        print("DAEMON_DIR=%s DAEMON_PORT=%d" % (directory, port), flush=True)
        print("DAEMON_PID=%d" % shell_run(directory, port, words[0], options))
    elif command == "run":
        print("DAEMON_PID=%d" % shell_run(words[0], int(words[1]), words[2], options))
    elif command == "halt":
        shell_halt(int(words[0]))
    elif command == "port":
        print(free_port())
    else:
        sys.exit("daemon.py start|run|halt|port")


if __name__ == "__main__":
    main(sys.argv[1:])
