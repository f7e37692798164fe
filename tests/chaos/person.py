"""A person at the archive while it is written: git gc, commit, clone, stale locks; and stores that do not belong together."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

import agree
from agree import all_agree, archive_is_the_database, fsck, git, history_is_sound, settle
from client import Client
from daemon import Daemon, expect, wait_until
from mailers import Crowd, Ledger, settle_people


def person(d, *words):
    """git as a person calls it, optional locks and all; its exit code and words."""
    done = subprocess.run(["git", "-C", d.archive, "-c", "user.name=Some Body", "-c", "user.email=some@body", *words],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace")


def at_work(seconds):
    d = Daemon("archive_group_max=0")
    ledger = Ledger()
    copy = tempfile.mkdtemp(prefix="agentmail-clone-")
    clones = commits = collected = 0
    try:
        d.start()
        settle_people(d.port)
        crowd = Crowd(d.port, ledger, 3, pause=0.02)
        end = time.monotonic() + seconds
        turn = 0
        while time.monotonic() < end:
            turn += 1
            code, said = person(d, "gc", "-q") if turn % 2 else person(d, "repack", "-a", "-d", "-q")
            collected += code == 0
            shutil.rmtree(copy, ignore_errors=True)
            done = subprocess.run(["git", "clone", "-q", d.archive, copy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode == 0:
                clones += 1
                done = subprocess.run(["git", "-C", copy, "fsck", "--strict", "--no-dangling", "--no-progress"],
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                expect(done.returncode == 0, "a clone is not sound: " + done.stdout.decode()[-400:])
            with open(os.path.join(d.archive, "notes-%d.txt" % turn), "w") as f:
                f.write("a person was here\n")
            person(d, "add", "notes-%d.txt" % turn)
            commits += person(d, "commit", "-q", "-m", "note %d" % turn)[0] == 0
            person(d, "log", "--stat", "-5")
            person(d, "status")
        crowd.stop()
        expect(not ledger.refused and not ledger.lost, "mail suffered: %s" % ledger.refused[:1])
        expect(clones > 0, "no clone succeeded")
        # What the person left uncommitted is his; the rest must be as ever.
        for n in range(1, turn + 1):
            if git(d, "ls-tree", "HEAD", "notes-%d.txt" % n) == "":
                person(d, "rm", "-q", "--cached", "--ignore-unmatch", "notes-%d.txt" % n)
                path = os.path.join(d.archive, "notes-%d.txt" % n)
                if os.path.exists(path):
                    os.unlink(path)
        settle(d)
        agree.acknowledged_is_in_the_database(d, ledger)
        files = archive_is_the_database(d)
        fsck(d)
        d.stop()
        return "%d gc, %d clones, %d commits of a person beside %d messages" % (collected, clones, commits, files)
    finally:
        d.clean()
        shutil.rmtree(copy, ignore_errors=True)


def stale_locks():
    """Locks that a dead git left: in the way for seconds, not for ever."""
    d = Daemon()
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        settle(d)
        branch = git(d, "symbolic-ref", "HEAD").strip()
        locks = [os.path.join(d.archive, ".git", name + ".lock") for name in ("index", branch, "HEAD", "packed-refs")]
        for path in locks:
            open(path, "w").close()
            os.utime(path, (time.time() - 3600, time.time() - 3600))
        crowd = Crowd(d.port, ledger, 2, pause=0.01)
        wait_until(lambda: len(ledger.sent) > 30, "mail goes on", 20)
        crowd.stop()
        expect(not ledger.refused and not ledger.lost, "mail suffered: %s" % ledger.refused[:1])
        files = all_agree(d, ledger)
        for path in locks[:2]:
            expect(not os.path.exists(path), "still there: " + path)
        d.stop()
        return "%d messages compared" % files
    finally:
        d.clean()


def some_mail(d, ledger, seconds=0.8):
    crowd = Crowd(d.port, ledger, 3, pause=0.004)
    time.sleep(seconds)
    crowd.stop()


def snapshot(d, path):
    """The database as a backup has it."""
    source, to = sqlite3.connect(d.database), sqlite3.connect(path)
    source.backup(to)
    source.close()
    to.close()


def older_database():
    """A backup is put back beside the archive that went on: numbers are not used twice, new mail is archived."""
    d = Daemon()
    ledger, after = Ledger(), Ledger()
    backup = os.path.join(d.dir, "backup.db")
    try:
        d.start()
        settle_people(d.port)
        some_mail(d, ledger)
        settle(d)
        snapshot(d, backup)
        some_mail(d, ledger)
        settle(d)
        d.stop()
        before = {int(p.rsplit("__", 1)[1][:-3]) for p in git(d, "ls-tree", "-r", "--name-only", "HEAD").split() if "__" in p}
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(d.database + tail):
                os.unlink(d.database + tail)
        shutil.move(backup, d.database)
        d.start()
        some_mail(d, after)
        settle(d)
        reused = [n for n in after.sent.values() if n in before]
        expect(not reused, "numbers used twice: %s" % reused[:5])
        agree.acknowledged_is_in_the_database(d, after)
        paths, canonical, _, _ = agree.expected_paths(d)
        tree = set(git(d, "ls-tree", "-r", "--name-only", "HEAD").split("\n"))
        lacking = [p for p in canonical if p not in tree]
        expect(not lacking, "not in the archive: %s" % lacking[:3])
        history_is_sound(d)
        d.stop()
        return "%d messages before, %d after" % (len(before), len(after.sent))
    finally:
        d.clean()


def new_database():
    """A fresh database beside an old archive: it goes on above the numbers that the archive knows."""
    d = Daemon()
    ledger, after = Ledger(), Ledger()
    try:
        d.start()
        settle_people(d.port)
        some_mail(d, ledger)
        settle(d)
        d.stop()
        highest = max(ledger.sent.values())
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(d.database + tail):
                os.unlink(d.database + tail)
        d.start()
        settle_people(d.port)
        some_mail(d, after)
        settle(d)
        low = min(after.sent.values())
        expect(low > highest, "message %d is a number that the archive had given (up to %d)" % (low, highest))
        agree.acknowledged_is_in_the_database(d, after)
        tree = set(git(d, "ls-tree", "-r", "--name-only", "HEAD").split("\n"))
        lacking = [p for p in agree.expected_paths(d)[1] if p not in tree]
        expect(not lacking, "not in the archive: %s" % lacking[:3])
        fsck(d)
        d.stop()
        return "%d messages of the old one, %d of the new one from %d on" % (len(ledger.sent), len(after.sent), low)
    finally:
        d.clean()


SCENARIOS = [("person: gc, clone, commit", lambda: at_work(1), lambda: at_work(15)),
             ("person: stale locks", stale_locks, stale_locks),
             ("person: older database", None, older_database), ("person: new database", None, new_database)]
