"""No room for the database, no room for the archive: writes are refused in words, reads go on, nothing is lost."""

import os
import resource
import shutil
import subprocess
import tempfile
import time

from agree import all_agree, rows, settle
from client import Client, Lost, Refused
from daemon import Daemon, Skip, expect, wait_until
from mailers import Crowd, Ledger, settle_people


class SmallDisk:
    """A file system of so many MiB; Skip where mounting is not permitted."""

    def __init__(self, mib):
        self.dir = tempfile.mkdtemp(prefix="agentmail-disk-")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm,mode=0755" % mib, "none", self.dir],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            os.rmdir(self.dir)
            raise Skip("mounting a small tmpfs is not permitted here")

    def grow(self, mib):
        subprocess.run(["mount", "-o", "remount,size=%dm" % mib, self.dir], check=True)

    def close(self):
        subprocess.run(["umount", "-l", self.dir], check=False)
        os.rmdir(self.dir)


def reads_go_on(port):
    c = Client(port)
    inbox = c.tool("fetch_inbox", project_key="/chaos/one", agent_name="RedCastle", limit=5)
    expect(inbox is not None, "no inbox")
    expect(c.get("/health")[0] == 200, "/health fails while the disk is full")
    c.close()


def refusal(port, body):
    """What a write is told now; None when it is done."""
    c = Client(port)
    try:
        c.tool("send_message", project_key="/chaos/one", sender_name="BlueLake", to=["RedCastle"], subject="full", body_md=body)
        return None
    except Refused as e:
        return str(e)
    finally:
        c.close()


def database_full():
    disk = SmallDisk(8)
    archive = tempfile.mkdtemp(prefix="agentmail-chaos-")
    d = Daemon("storage_root=" + os.path.join(archive, "archive"), "log_file=" + os.path.join(archive, "log"), directory=disk.dir)
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        crowd = Crowd(d.port, ledger, 4, long_body=8000)
        wait_until(lambda: len(ledger.refused) > 200, "the disk fills", 60)
        reads_go_on(d.port)
        crowd.stop()
        odd = [r for r in ledger.refused if "RESOURCE_EXHAUSTED" not in r]
        expect(not odd, "a full disk was told as: %s" % odd[:1])
        expect("space" in ledger.refused[0] or "full" in ledger.refused[0].lower(), "unclear: " + ledger.refused[0])
        # The same words for each refused write: a few lines and a count, not one for each.
        with open(os.path.join(archive, "log")) as f:
            said = f.read().count("no space left")
        expect(0 < said < 40, "%d lines of the log say so, for %d refusals" % (said, len(ledger.refused)))
        before = len(ledger.sent)
        disk.grow(64)
        wait_until(lambda: refusal(d.port, "y" * 8000) is None, "writes go on when there is room", 15)
        crowd = Crowd(d.port, ledger, 4)
        wait_until(lambda: len(ledger.sent) > before + 20, "sends are acknowledged again", 20)
        crowd.stop()
        files = Sub(d, archive).agree(ledger)
        d.stop()
        return "%d refused, %d acknowledged, %d messages compared" % (len(ledger.refused), len(ledger.sent), files)
    finally:
        d.clean()
        disk.close()
        shutil.rmtree(archive, ignore_errors=True)


class Sub:
    """The daemon whose archive or database lies elsewhere, as agree.py wants to see it."""

    def __init__(self, d, archive):
        self.d, self.dir, self.database = d, d.dir, d.database
        self.archive = os.path.join(archive, "archive")

    def agree(self, ledger):
        import agree
        settle(self)
        agree.database_is_sound(self)
        agree.acknowledged_is_in_the_database(self, ledger)
        files = agree.archive_is_the_database(self)
        agree.history_is_sound(self)
        return files


def archive_full():
    disk = SmallDisk(4)
    d = Daemon("storage_root=" + os.path.join(disk.dir, "archive"))
    there = Sub(d, disk.dir)
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        crowd = Crowd(d.port, ledger, 4, long_body=3000, pause=0.005)
        wait_until(lambda: "nothing is lost, trying again" in d.log(), "the archive's disk fills", 60)
        mark = len(ledger.sent)
        wait_until(lambda: len(ledger.sent) > mark + 50, "mail goes on while the archive cannot", 20)
        crowd.stop()
        expect(not ledger.refused, "refused: %s" % ledger.refused[:1])
        expect(rows(d, "SELECT count(*) FROM outbox")[0][0] > 0, "nothing waits for the archive")
        reads_go_on(d.port)
        # It dies and starts with the disk still full.
        d.kill_master()
        d.spawn()
        wait_until(lambda: d.status() or not d.master_lives(), "it starts with a full archive disk", 30)
        disk.grow(128)
        d.wait_serving()
        files = there.agree(ledger)
        d.stop()
        return "%d acknowledged, %d messages compared" % (len(ledger.sent), files)
    finally:
        d.clean()
        disk.close()


def file_limit():
    """The same without a mount: the kernel lets no file grow beyond a limit."""
    d = Daemon("drain_timeout=3")
    ledger = Ledger()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        d.start()
        settle_people(d.port)
        d.stop()
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, hard))
        d.start()
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        crowd = Crowd(d.port, ledger, 4, long_body=8000)
        wait_until(lambda: len(ledger.refused) > 10, "the files reach their limit", 60)
        reads_go_on(d.port)
        crowd.stop()
        odd = [r for r in ledger.refused if "RESOURCE_EXHAUSTED" not in r]
        expect(not odd, "told as: %s" % odd[:1])
        expect("was killed by signal 25" not in d.log(), "SIGXFSZ killed a process: " + d.log()[-800:])
        pid = d.master()
        os.kill(pid, 15)
        wait_until(lambda: d.process.poll() is not None, "TERM ends it", 45)
        d.start()
        files = all_agree(d, ledger)
        d.stop()
        return "%d refused, %d acknowledged, %d messages compared" % (len(ledger.refused), len(ledger.sent), files)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        d.clean()


SCENARIOS = [("full: database", database_full, database_full), ("full: archive", None, archive_full),
             ("full: file size limit", None, file_limit)]
