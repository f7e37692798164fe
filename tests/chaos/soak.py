"""Steady load for minutes: nothing grows that should not."""

import os
import time

from agree import all_agree, rows
from crowd import descriptors, pss
from daemon import Daemon, expect
from mailers import Crowd, Ledger, settle_people


def sample(d):
    return {c["role"] + str(c["index"]): (pss(c["pid"]), descriptors(c["pid"])) for c in d.status()["processes"]}


def soak(seconds):
    d = Daemon()
    ledger = Ledger()
    try:
        d.start()
        settle_people(d.port)
        crowd = Crowd(d.port, ledger, 8, pause=0.15)
        # Caches fill in the first part; from there on memory stays.
        time.sleep(seconds * 0.4)
        middle = sample(d)
        time.sleep(seconds * 0.6)
        end = sample(d)
        crowd.stop()
        expect(not ledger.lost and not ledger.refused, "%d lost, refused: %s" % (ledger.lost, ledger.refused[:1]))
        files = all_agree(d, ledger)
        for name in end:
            (m0, f0), (m1, f1) = middle[name], end[name]
            # A page cache of 16 MiB may still be filling.
            expect(m1 < m0 * 1.3 + 16384, "%s grew from %d to %d kB" % (name, m0, m1))
            expect(f1 <= f0 + 12, "%s: %d descriptors, then %d" % (name, f0, f1))
        wal = os.path.getsize(d.database + "-wal")
        expect(wal < 64 << 20, "the write-ahead log has %d bytes" % wal)
        packs = [n for n in os.listdir(os.path.join(d.archive, ".git/objects/pack")) if n.endswith(".pack")]
        expect(len(packs) < 50, "%d packs" % len(packs))
        expect(rows(d, "SELECT value FROM keeper_state WHERE key = 'indexed_through'")[0][0] > 0, "nothing was indexed")
        d.stop()
        return "%d messages; PSS kB %s; %d packs, log of %d kB" % (
            files, " ".join("%s %d-%d" % (n, middle[n][0], end[n][0]) for n in sorted(end)), len(packs), wal // 1024)
    finally:
        d.clean()


def long():
    return soak(int(os.environ.get("SOAK", "300")))
