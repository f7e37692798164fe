"""
kill -9 at random points under load: what was acknowledged is in the database and in the archive, once.

The long form has a lane for each role and one for everybody else, at the same time, each with stores and daemons of
its own: KILLS rounds (200) in each of the first three. CHAOS_SEED repeats the dice, LANES=archiver runs one lane.
"""

import multiprocessing
import os
import random
import time
import traceback

import daemon
from agree import all_agree
from daemon import Daemon, Failed, expect, wait_until
from mailers import Crowd, Ledger, settle_people

MIXED = ["worker", "archiver", "keeper", "master", "helper", "archiver", "all", "two"]
# The delay of a respawn doubles with each death of one role; a new master forgets. The lanes kill it now and then, or
# they would mostly wait.
LANES = {"worker": ["worker"] * 9 + ["master"], "archiver": ["archiver"] * 6 + ["master"], "master": ["master"],
         "others": ["keeper", "all", "helper", "two", "helper", "keeper", "master"]}
PORTS_OF_A_LANE = 4000


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


def seed():
    return int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1000000)))


def rounds(name, roles, count, per_check, per_store, dice):
    """`count` kills of roles[0]; the load stops for a comparison after every `per_check`, a fresh store follows
    `per_store` kills."""
    done, counted, sent, lost, files, d = 0, 0, 0, 0, 0, None
    try:
        while counted < count:
            if d is None:
                d, ledger = Daemon(dice.choice(["durability=full", "durability=process"]),
                                   "archive_group_max=%d" % dice.choice([0, 1])).start(), Ledger()
                settle_people(d.port)
            crowd = Crowd(d.port, ledger, 6, pause=0.004)
            for _ in range(per_check):
                if counted == count:
                    break
                time.sleep(dice.random() * 0.5)
                role = roles[done % len(roles)]
                strike(d, role, dice)
                done += 1
                counted += role == roles[0] or len(set(roles)) > 2
            time.sleep(0.1)
            crowd.stop()
            last = done % per_store == 0 or counted >= count
            files_now = all_agree(d, ledger, strict=last)
            refused = [r for r in ledger.refused if " 503 " not in r and not r.startswith(("503", "429"))]
            expect(not refused, "refused: %s" % refused[:2])
            expect("panic" not in d.log(), "a panic: " + d.log()[-1500:])
            if last:
                d.stop()
                sent, lost, files = sent + len(ledger.sent), lost + ledger.lost, files + files_now
                d.clean()
                d = None
                print("%s: %d kills, %d messages compared" % (name, done, files), flush=True)
    except BaseException:
        if d:
            d.own = False
            print("%s: left in %s after %d kills" % (name, d.dir, done), flush=True)
            d.clean()
        raise
    return "%d kills, %d sends acknowledged, %d answers lost, %d messages compared" % (done, sent, lost, files)


def short():
    start = seed()
    print("kill: CHAOS_SEED=%d" % start, flush=True)
    return rounds("kill", MIXED, 8, 8, 8, random.Random(start))


def lane(number, name, count, start, results):
    daemon.PORTS = (10000 + number * PORTS_OF_A_LANE, PORTS_OF_A_LANE)
    try:
        results.put((name, True, rounds("kill." + name, LANES[name], count, 5, 25, random.Random(start + number))))
    except BaseException as e:
        results.put((name, False, str(e) if isinstance(e, Failed) else traceback.format_exc()))


def lanes(names):
    count, start = int(os.environ.get("KILLS", "200")), seed()
    print("kill: CHAOS_SEED=%d" % start, flush=True)
    results = multiprocessing.Queue()
    running = [multiprocessing.Process(target=lane, args=(list(LANES).index(n), n, count // 2 if n == "others" else count,
                                                          start, results)) for n in names]
    for p in running:
        p.start()
    try:
        told = [results.get() for _ in running]
    except BaseException:
        for p in running:
            p.terminate()
        raise
    finally:
        for p in running:
            p.join()
    failed = ["%s: %s" % (name, words) for name, ok, words in told if not ok]
    expect(not failed, "; ".join(failed))
    return "; ".join("%s: %s" % (name, words) for name, _, words in sorted(told))


def long():
    return lanes(os.environ.get("LANES", " ".join(LANES)).split())
