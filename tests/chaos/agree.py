"""
Acknowledged = database = archive: an opinion of its own, by SQL and git alone, about what the clients know, what the
database holds and what the archive shows. `agentmail archive verify` is asked as well.
"""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import time
from collections import Counter

from daemon import BUILD, expect, wait_until


def rows(daemon, sql, *values):
    db = sqlite3.connect("file:%s?mode=ro" % daemon.database, uri=True, timeout=30)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def run_git(daemon, *words):
    """Exit code, standard output, standard error."""
    done = subprocess.run(["git", "-c", "safe.directory=*", "-C", daemon.archive, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"})
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def git(daemon, *words, fails=False):
    code, out, err = run_git(daemon, *words)
    expect(code == 0 or fails, "git %s: %s" % (" ".join(words), (out + err)[-800:]))
    return out


def settle(daemon, patience=90):
    """Until the archiver has nothing left to do and the work tree is what HEAD says."""
    wait_until(lambda: rows(daemon, "SELECT count(*) FROM outbox")[0][0] == 0, "the outbox drains", patience)
    dirty = [""]

    def clean():
        dirty[0] = git(daemon, "status", "--porcelain")
        return dirty[0] == ""
    try:
        wait_until(clean, "git status is clean", patience, 0.1)
    except Exception as e:
        raise type(e)("%s: %s" % (e, dirty[0][:600]))


def acknowledged_is_in_the_database(daemon, ledger):
    have = Counter()
    ids = {}
    for number, subject in rows(daemon, "SELECT id, subject FROM messages"):
        have[subject] += 1
        ids.setdefault(subject, set()).add(number)
    lost = [s for s in ledger.sent if s not in have]
    expect(not lost, "%d acknowledged messages are not in the database: %s" % (len(lost), lost[:5]))
    wrong = [s for s, n in ledger.sent.items() if n not in ids[s]]
    expect(not wrong, "acknowledged under another number: %s" % wrong[:5])
    # Nobody sends a subject twice except under its key.
    twice = [s for s, n in have.items() if n > 1 and s in ledger.tried]
    expect(not twice, "doubled: %s" % [(s, s in ledger.keyed, have[s]) for s in twice[:5]])
    known = {n: r for n, r in rows(daemon, "SELECT id, released_ts FROM file_reservations")}
    lost = [n for n in ledger.granted if n not in known]
    expect(not lost, "granted reservations are not in the database: %s" % lost[:5])
    lost = [n for n in ledger.released if known[n] is None]
    expect(not lost, "released reservations are held: %s" % lost[:5])
    doubled = rows(daemon, "SELECT path_pattern, count(*) FROM file_reservations GROUP BY 1 HAVING count(*) > 1")
    expect(not doubled, "doubled reservations: %s" % doubled[:5])
    people = set(rows(daemon, "SELECT p.human_key, a.name FROM agents a JOIN projects p ON p.id = a.project_id"))
    expect(ledger.agents <= people, "registered agents are missing: %s" % list(ledger.agents - people)[:5])
    marked = set(rows(daemon, "SELECT r.message_id, a.name FROM message_recipients r JOIN agents a ON a.id = r.agent_id "
                              "WHERE r.ack_ts IS NOT NULL"))
    expect(ledger.read <= marked, "acknowledgements are lost: %s" % list(ledger.read - marked)[:5])


def expected_paths(daemon):
    """Every path that the layout demands, and the bodies of the canonical files; subjects here are their own slugs."""
    paths, canonical, digests = set(), {}, {}
    inboxes = {}
    for number, name in rows(daemon, "SELECT r.message_id, a.name FROM message_recipients r JOIN agents a ON a.id = r.agent_id"):
        inboxes.setdefault(number, []).append(name)
    for number, slug, sender, subject, thread, when, body in rows(
            daemon, "SELECT m.id, p.slug, a.name, m.subject, m.thread_id, m.created_ts, m.body_md FROM messages m "
                    "JOIN projects p ON p.id = m.project_id JOIN agents a ON a.id = m.sender_id"):
        t = time.gmtime(when // 1000000)
        name = "%s__%s__%d.md" % (time.strftime("%Y-%m-%dT%H-%M-%SZ", t), subject, number)
        month = time.strftime("%Y/%m", t)
        top = "projects/" + slug
        canonical["%s/messages/%s/%s" % (top, month, name)] = body
        paths.add("%s/agents/%s/outbox/%s/%s" % (top, sender, month, name))
        for to in inboxes.get(number, []):
            paths.add("%s/agents/%s/inbox/%s/%s" % (top, to, month, name))
        digests.setdefault((top, thread or str(number)), []).append(number)
    for slug, name in rows(daemon, "SELECT p.slug, a.name FROM agents a JOIN projects p ON p.id = a.project_id"):
        paths.add("projects/%s/agents/%s/profile.json" % (slug, name))
    held = {}
    for number, slug, pattern, released in rows(
            daemon, "SELECT r.id, p.slug, r.path_pattern, r.released_ts FROM file_reservations r "
                    "JOIN projects p ON p.id = r.project_id"):
        top = "projects/%s/file_reservations/" % slug
        held[top + "id-%d.json" % number] = released
        paths.add(top + hashlib.sha1(pattern.encode()).hexdigest() + ".json")
    return paths | set(canonical) | set(held), canonical, digests, held


def archive_is_the_database(daemon):
    """Returns the number of message files that were compared."""
    paths, canonical, digests, held = expected_paths(daemon)
    tree = git(daemon, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    threads = [p for p in tree if "/messages/threads/" in p]
    here = {p for p in tree if p.startswith("projects/")} - set(threads)
    expect(here == paths, "archive and database differ: only in the archive %s; only in the database %s" %
           (sorted(here - paths)[:4], sorted(paths - here)[:4]))
    for path, body in canonical.items():
        with open(os.path.join(daemon.archive, path)) as f:
            text = f.read()
        expect(text.rstrip("\n").endswith(body.strip()), "%s does not hold its body" % path)
    for path, released in held.items():
        with open(os.path.join(daemon.archive, path)) as f:
            lease = json.load(f)
        expect(("released_ts" in lease and lease["released_ts"] is not None) == (released is not None),
               "%s: released in one place only" % path)
    said = Counter()
    for path in threads:
        with open(os.path.join(daemon.archive, path)) as f:
            for number in re.findall(r"\[View canonical\]\([^)]*__(\d+)\.md\)", f.read()):
                said[int(number)] += 1
    doubled = [n for n, times in said.items() if times > 1]
    expect(not doubled, "twice in the digests: %s" % doubled[:5])
    in_threads = {n for (top, t), numbers in digests.items() if not t.isdigit() for n in numbers}
    expect(in_threads <= set(said), "not in the digest of their thread: %s" % sorted(in_threads - set(said))[:5])
    return len(canonical)


def packs(daemon):
    return {n for n in os.listdir(os.path.join(daemon.archive, ".git/objects/pack")) if n.endswith(".idx")}


def fsck(daemon):
    """Nothing to say. It lists the packs at its start: when a repack took some away meanwhile, it is asked again."""
    for _ in range(10):
        before = packs(daemon)
        code, out, err = run_git(daemon, "fsck", "--full", "--strict", "--no-dangling", "--no-progress")
        if before == packs(daemon):
            break
    expect(code == 0 and out.strip() == "", "git fsck: %d: %s" % (code, (out + err)[-600:]))


def history_is_sound(daemon, strict=True):
    expect(git(daemon, "rev-list", "--merges", "--count", "HEAD").strip() == "0", "history has merges")
    marks = [(int(o), int(m)) for o, m in
             re.findall(r"^Agentmail-Mark: [0-9a-f]{32} outbox=(\d+) message=(\d+)$",
                        git(daemon, "log", "--reverse", "--format=%B"), re.M)]
    expect(marks, "no marks")
    for (o1, m1), (o2, m2) in zip(marks, marks[1:]):
        expect(o2 > o1 and m2 >= m1, "marks do not rise: outbox %d after %d, message %d after %d" % (o2, o1, m2, m1))
    if strict:
        fsck(daemon)
    return len(marks)


def verify_says_so(daemon):
    done = subprocess.run([os.path.join(BUILD, "agentmail"), "-o", "state_dir=" + daemon.dir, "archive", "verify"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"], "HOME": daemon.dir})
    expect(done.returncode == 0, "agentmail archive verify: %d: %s" % (done.returncode, done.stdout.decode()[-800:]))


def database_is_sound(daemon):
    said = rows(daemon, "PRAGMA quick_check")
    expect(said == [("ok",)], "quick_check: %s" % said[:3])
    expect(rows(daemon, "PRAGMA foreign_key_check") == [], "foreign keys do not hold")
    failed = rows(daemon, "SELECT id, kind, reason FROM outbox_failed")
    expect(not failed, "rows were set aside: %s" % failed[:3])


def all_agree(daemon, ledger, strict=True):
    """Everything above; the daemon runs and nobody writes."""
    settle(daemon)
    database_is_sound(daemon)
    acknowledged_is_in_the_database(daemon, ledger)
    files = archive_is_the_database(daemon)
    history_is_sound(daemon, strict)
    if strict:
        verify_says_so(daemon)
    return files
