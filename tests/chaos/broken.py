"""What cannot work is refused at the start, in words that say what to do; 78 for configuration and data, 71 for the system."""

import os
import pwd
import sqlite3
import subprocess

from client import Client
from daemon import Daemon, expect
from mailers import PROJECTS, settle_people


def refused(name, prepare, codes, *words, options=()):
    d = Daemon(*options)
    try:
        prepare(d)
        code, said = d.refused()
        expect(code in codes, "%s: exit code %d, said: %s" % (name, code, said[-500:]))
        for w in words:
            expect(w.lower() in said.lower(), "%s: '%s' is not in: %s" % (name, w, said[-500:]))
        expect("panic" not in said, "%s: %s" % (name, said[-500:]))
    finally:
        subprocess.run(["chmod", "-R", "u+rwx", d.dir], check=False)
        d.clean()


def write(d, name, data):
    with open(os.path.join(d.dir, name), "wb") as f:
        f.write(data)


def used(d):
    """A database with mail in it, from a daemon that stopped."""
    d.start()
    settle_people(d.port)
    c = Client(d.port)
    for i in range(50):
        c.tool("send_message", project_key=PROJECTS[0], sender_name="BlueLake", to=["RedCastle"], subject="s%d" % i,
               body_md="x" * 2000)
    c.close()
    d.stop()


def garbage(d):
    write(d, "agentmail.db", os.urandom(65536))


def truncated(d):
    used(d)
    os.truncate(d.database, os.path.getsize(d.database) // 2)
    for tail in ("-wal", "-shm"):
        if os.path.exists(d.database + tail):
            os.unlink(d.database + tail)


def cut_header(d):
    used(d)
    with open(d.database, "r+b") as f:
        f.write(b"\0" * 100)


def foreign_schema(d):
    db = sqlite3.connect(d.database)
    db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT)")
    db.commit()
    db.close()


def newer_schema(d):
    used(d)
    db = sqlite3.connect(d.database)
    version = db.execute("PRAGMA user_version").fetchone()[0]
    db.execute("PRAGMA user_version = %d" % (version + 1000))
    db.commit()
    db.close()


def directory_as_database(d):
    os.mkdir(d.database)


def foreign_archive(d):
    os.mkdir(d.archive)
    run = lambda *w: subprocess.run(["git", "-C", d.archive, "-c", "user.name=n", "-c", "user.email=e@x", *w], check=True,
                                    stdout=subprocess.DEVNULL)
    run("init", "-q", "-b", "main")
    run("commit", "-q", "--allow-empty", "-m", "mine")


def configuration():
    conf = lambda text: lambda d: write(d, "conf", text)

    def with_file(name, text, *words):
        d = Daemon()
        try:
            write(d, "conf", text)
            for test in (["-t"], ["-F"]):
                done = subprocess.run([d.exe, "-c", os.path.join(d.dir, "conf"), "-o", "state_dir=" + d.dir, *test], timeout=30,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"]})
                said = done.stdout.decode(errors="replace")
                expect(done.returncode == 78, "%s %s: exit code %d: %s" % (name, test, done.returncode, said[-400:]))
                for w in words:
                    expect(w in said, "%s: '%s' is not in: %s" % (name, w, said[-400:]))
        finally:
            d.clean()
    with_file("unknown key", b"workrs = 2\n", "conf:1", "workers")
    with_file("bad number", b"port = seventy\n", "conf:1", "port")
    with_file("out of range", b"port = 70000\n", "conf:1", "port")
    with_file("bad unit", b"drain_timeout = 5 parsecs\n", "conf:1", "drain_timeout")
    with_file("bad word", b"durability = maybe\n", "conf:1", "full")
    with_file("open network", b"listen = 0.0.0.0\n", "http_bearer_token")
    with_file("binary", b"\0\1\2\xff\xfe= \n" * 20, "NUL")
    with_file("missing include", b"include /nowhere/at/all.conf\n", "/nowhere/at/all.conf")
    return "8 broken configurations refused with 78"


def databases():
    refused("garbage", garbage, (78,), "agentmail.db")
    refused("truncated", truncated, (78, 71), "agentmail.db")
    refused("overwritten header", cut_header, (78,), "agentmail.db")
    refused("somebody else's schema", foreign_schema, (78,), "agentmail.db", "import")
    refused("a newer schema", newer_schema, (78,), "newer")
    refused("a directory", directory_as_database, (78, 71), "agentmail.db")
    refused("somebody else's archive", foreign_archive, (78,), "import")
    return "7 broken stores refused"


def as_nobody(name, prepare, codes, *words):
    """The daemon started by an account without rights; only root can arrange that."""
    d = Daemon("ready_timeout=2")
    nobody = pwd.getpwnam("nobody")
    try:
        os.chmod(d.dir, 0o755)
        prepare(d, nobody)
        done = subprocess.run(d.argv(), timeout=30, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
                              env={"PATH": os.environ["PATH"], "HOME": "/"})
        said = done.stdout.decode(errors="replace") + d.log()
        expect(done.returncode in codes, "%s: exit code %d: %s" % (name, done.returncode, said[-500:]))
        for w in words:
            expect(w in said, "%s: '%s' is not in: %s" % (name, w, said[-500:]))
        expect(said.count("\n") < 40, "%s: it goes on and on: %s" % (name, said[-500:]))
    finally:
        d.clean()


def permissions():
    if os.geteuid() != 0:
        from daemon import Skip
        raise Skip("needs root to become an account without rights")

    def read_only_state(d, who):
        os.chmod(d.dir, 0o555)

    def foreign_database(d, who):
        os.chown(d.dir, who.pw_uid, who.pw_gid)
        write(d, "agentmail.db", b"")
        os.chmod(d.database, 0o600)

    def read_only_archive(d, who):
        os.chown(d.dir, who.pw_uid, who.pw_gid)
        os.mkdir(d.archive, 0o755)
    exe = os.path.abspath(Daemon().exe)
    if subprocess.run(["test", "-x", exe], user="nobody", group="nogroup", extra_groups=[]).returncode != 0:
        from daemon import Skip
        raise Skip("the build directory cannot be reached by other accounts")
    as_nobody("read-only state_dir", read_only_state, (71, 78), "Permission denied")
    as_nobody("somebody else's database", foreign_database, (71, 78), "agentmail.db")
    as_nobody("read-only archive", read_only_archive, (71, 78), "archive")
    return "3 missing permissions refused"


def two_daemons():
    d = Daemon()
    other = Daemon(directory=d.dir)
    try:
        d.start()
        code, said = other.refused()
        expect(code in (71, 75, 78), "the second daemon: exit code %d: %s" % (code, said[-400:]))
        expect(str(d.master()) in said, "it does not name the running one: " + said[-400:])
        # With a pidfile of its own it gets further, but not to the archive.
        expect(Client(d.port).get("/health")[0] == 200, "the first one suffers")
        d.stop()
        return "the second one ends with %d" % code
    finally:
        d.clean()


SCENARIOS = [("broken: configuration", configuration, configuration), ("broken: stores", databases, databases),
             ("broken: permissions", permissions, permissions), ("broken: two daemons", two_daemons, two_daemons)]
