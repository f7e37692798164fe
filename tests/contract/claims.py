#!/usr/bin/env python3
"""claims - a hundred agents claim overlapping patterns at the same moment, through four workers of a real daemon.

Usage: [BUILD=build] claims.py

Claims are taken one after the other, whichever worker they reach: so of two claims that overlap exactly one, the later
one by its ids, tells of the other. Nobody is refused, no conflict is lost, none is made up.
"""

import json
import os
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", place) for place in ("support", "chaos")]
sys.dont_write_bytecode = True
from client import Client  # noqa: E402
from daemon import Daemon, Failed, expect  # noqa: E402

AGENTS = 100
PROJECT = "/claims/one"


def patterns_of(i):
    """Three patterns of one agent: files, directories and globs that meet those of many others."""
    return ["src/mod%d/file%d.c" % (i % 10, i), ("src/mod%d/**" if i % 2 else "src/mod%d") % (i % 7),
            ["*.c", "docs/**", "src/mod%d/*.c" % (i % 10), "tool://slot-%d" % (i % 5), "Makefile"][i % 5]]


def overlap(a, b):
    """What the contract says of the shapes above."""
    if a == b:
        return True
    if a == "*.c" or b == "*.c":
        other = b if a == "*.c" else a
        return other.endswith((".c", "/**"))
    if not (a.startswith("src/") and b.startswith("src/")) or a.split("/")[1] != b.split("/")[1]:
        return False
    # Within one directory: two different files do not meet, everything else does.
    return not (a.endswith(".c") and b.endswith(".c") and "*" not in a + b)


def at_once(work):
    """Runs work(i) for each agent in a thread of its own, all released by one barrier; their values."""
    gate, out, wrong = threading.Barrier(AGENTS), [None] * AGENTS, []

    def run(i):
        try:
            gate.wait(60)
            out[i] = work(i)
        except Exception as e:  # noqa: B902: told below
            wrong.append("%d: %r" % (i, e))

    threads = [threading.Thread(target=run, args=(i,)) for i in range(AGENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    expect(not wrong, "calls failed: %s" % wrong[:3])
    return out


def told(answers, names):
    """{(path's reservation id, holder, holder's pattern)} of all answers, and the ids by agent and pattern."""
    said, ids = set(), {}
    for i, answer in enumerate(answers):
        granted = {g["path_pattern"]: g["id"] for g in answer["granted"]}
        expect(list(granted) == patterns_of(i), "%s was granted %s" % (names[i], list(granted)))
        for pattern, number in granted.items():
            ids[i, pattern] = number
        for conflict in answer["conflicts"]:
            for holder in conflict["holders"]:
                key = (i, conflict["path"], names.index(holder["agent"]), holder["path_pattern"])
                expect(key not in said, "told twice: %s" % (key,))
                said.add(key)
    return said, ids


def claims_agree(d):
    """Of two claims that overlap the later one tells of the earlier, and no other conflict is told."""
    first = Client(d.port)
    first.tool("ensure_project", human_key=PROJECT)
    names = [first.tool("create_agent_identity", project_key=PROJECT, program="p", model="m")["name"] for _ in range(AGENTS)]
    clients = [Client(d.port) for _ in range(AGENTS)]
    for turn in range(3):
        answers = at_once(lambda i: clients[i].tool("file_reservation_paths", project_key=PROJECT, agent_name=names[i],
                                                    paths=patterns_of(i)))
        said, ids = told(answers, names)
        expect(len(set(ids.values())) == len(ids), "an id was given twice")
        wanted = {(i, p, j, q) for (i, p), a in ids.items() for (j, q), b in ids.items()
                  if i != j and overlap(p, q) and b < a}
        expect(said == wanted, "turn %d: not told: %s; made up: %s" % (turn, sorted(wanted - said)[:3], sorted(said - wanted)[:3]))
        print("turn %d: %d claims, %d conflicts, all told once, by the later one" % (turn, len(ids), len(said)))
        released = at_once(lambda i: clients[i].tool("release_file_reservations", project_key=PROJECT, agent_name=names[i]))
        expect(sum(r["released"] for r in released) == 3 * AGENTS, "not all were released")


def main():
    d = Daemon("workers=4")
    d.start()
    try:
        claims_agree(d)
        d.stop()
    except Failed as e:
        print("claims: %s" % e)
        return 1
    finally:
        d.clean()
    return 0


if __name__ == "__main__":
    sys.exit(main())
