"""The archiver dies at each of its fault points under load (a build with FAULTS=1): the next one goes on from there."""

import os
import re
import time

from agree import all_agree
from daemon import Daemon, Skip, expect, wait_until
from mailers import Crowd, Ledger, settle_people

BUILD_FAULTS = os.environ.get("BUILD_FAULTS", "build-faults")
# Each hit once in the life of a process: the archiver that follows inherits the environment and dies there as well.
POINTS = ["archive.before_pack", "archive.between_renames", "archive.after_pack", "archive.after_ref",
          "archive.pack_unlink", "archive.before_ack", "archive.after_ack", "archive.after_files", "archive.in_worktree",
          "archive.after_index", "repack.after_write", "repack.between_removals"]


def die_at(point, hit):
    d = Daemon("archive_group_max=0", build=BUILD_FAULTS, env={"AGENTMAIL_FAULT": "%s:%d:kill" % (point, hit)})
    ledger = Ledger()
    try:
        d.spawn()
        wait_until(lambda: (d.status() or {}).get("phase") == "serving" or not d.master_lives(), "it starts")
        if not d.master_lives():
            # Died in its first commit, before it was ready: the start is refused, and starts again without the fault.
            d.reap()
        else:
            settle_people(d.port)
            crowd = Crowd(d.port, ledger, 4, pause=0.002)
            time.sleep(1.2)
            crowd.stop()
        deaths = len(re.findall(r"archiver .*was killed by signal 9", d.log()))
        if d.master_lives():
            d.kill_master()
        d.env = {}
        d.start()
        all_agree(d, ledger)
        d.stop()
        return deaths, len(ledger.sent)
    except BaseException:
        d.own = False
        print("faults: %s:%d left in %s" % (point, hit, d.dir))
        raise
    finally:
        d.clean()


def through(points, hits):
    if not os.access(os.path.join(BUILD_FAULTS, "agentmaild"), os.X_OK):
        raise Skip("no %s/agentmaild: make FAULTS=1 BUILD=%s %s/agentmaild" % ((BUILD_FAULTS,) * 3))
    deaths = sent = 0
    silent = []
    for point in points:
        here = 0
        for hit in hits:
            n, acknowledged = die_at(point, hit)
            here += n
            sent += acknowledged
        deaths += here
        if not here:
            silent.append(point)
    expect(deaths > 0, "the archiver never died: is this a build with FAULTS=1?")
    return "%d deaths at %d points, %d sends acknowledged%s" % (
        deaths, len(points), sent, "; not reached: " + " ".join(silent) if silent else "")


def long():
    return through(POINTS, [2])
