"""kill -9 at random points under load: what was acknowledged is in the database and in the archive, once."""

import os
import random
import time

from agree import all_agree
from daemon import Daemon, expect, wait_until
from mailers import Crowd, Ledger, settle_people

ROLES = ["worker", "archiver", "keeper", "master", "helper", "archiver", "all", "two"]


def strike(d, role, dice):
    """Kills; returns when everything that was killed has been replaced and is ready."""
    if role == "master":
        d.kill_master()
        d.start()
        return
    if role == "all":
        victims = d.children()
    elif role == "two":
        victims = dice.sample(d.children(), 2)
    else:
        victims = d.children(role)
        victims = [dice.choice(victims)] if victims else []
    for pid in victims:
        d.kill(pid)
    d.wait_serving()
    wait_until(lambda: not set(victims) & set(d.children()), "the killed are replaced")


def rounds(count, per_check, per_store):
    """`count` kills; the load stops for a comparison after every `per_check`, a fresh store follows `per_store` kills."""
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1000000)))
    dice = random.Random(seed)
    print("kill: CHAOS_SEED=%d" % seed, flush=True)
    done, sent, lost, files, d = 0, 0, 0, 0, None
    try:
        while done < count:
            if d is None:
                d, ledger = Daemon(dice.choice(["durability=full", "durability=process"]),
                                   "archive_group_max=%d" % dice.choice([0, 1])).start(), Ledger()
                settle_people(d.port)
            crowd = Crowd(d.port, ledger, 6, pause=0.004)
            for i in range(min(per_check, count - done)):
                time.sleep(dice.random() * 0.5)
                strike(d, ROLES[done % len(ROLES)], dice)
                done += 1
            time.sleep(0.1)
            crowd.stop()
            last = done % per_store == 0 or done >= count
            files_now = all_agree(d, ledger, strict=last)
            refused = [r for r in ledger.refused if " 503 " not in r and not r.startswith(("503", "429"))]
            expect(not refused, "refused: %s" % refused[:2])
            expect("panic" not in d.log(), "a panic: " + d.log()[-1500:])
            if last:
                d.stop()
                sent, lost, files = sent + len(ledger.sent), lost + ledger.lost, files + files_now
                d.clean()
                d = None
    except BaseException:
        if d:
            d.own = False
            print("kill: left in %s after %d kills" % (d.dir, done))
            d.clean()
        raise
    return "%d kills, %d sends acknowledged, %d answers lost, %d messages compared" % (done, sent, lost, files)


def short():
    return rounds(8, 8, 8)


def long():
    return rounds(200, 5, 25)
