#!/usr/bin/env python3
"""crowd - many clients at once, each on a connection of its own, against a daemon with four workers.

Usage: [BUILD=build] crowd.py [NAME...]     each function of SCENARIOS is one; it fails by an exception.
"""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", place) for place in ("support", "chaos")]
sys.dont_write_bytecode = True
from daemon import Daemon, expect, wait_until  # noqa: E402


class Failure(Exception):
    """A tool that said no; .kind is the error's type."""

    def __init__(self, kind, text):
        super().__init__("%s: %s" % (kind, text))
        self.kind = kind


class Client:
    """One connection, kept."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.connect()

    def rpc(self, method, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        self.connection.request("POST", "/mcp", body, {"Content-Type": "application/json"})
        answer = json.loads(self.connection.getresponse().read())
        if "result" not in answer:
            raise Failure("JSON-RPC", json.dumps(answer))
        return answer["result"]

    def call(self, tool, **arguments):
        result = self.rpc("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            error = result["structuredContent"]["error"]
            raise Failure(error["type"], error["message"])
        value = result["structuredContent"]
        return value["result"] if list(value) == ["result"] else value


def at_once(port, jobs):
    """Runs job(client) for each job, all begun together; their values or exceptions, in order."""
    out = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(i):
        try:
            client = Client(port)
            gate.wait()
            out[i] = jobs[i](client)
        except Exception as e:  # handed to the caller
            out[i] = e

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def all_well(values):
    for v in values:
        if isinstance(v, Exception):
            raise v
    return values


def rows(d, sql):
    db = sqlite3.connect("file:%s?mode=ro" % d.database, uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def register(project, **more):
    return lambda c: c.call("register_agent", project_key=project, program="p", model="m", **more)


def hundred_names(d):
    """100 agents that register at once without a name get 100 names, each with its own token."""
    Client(d.port).call("ensure_project", human_key="/crowd/names")
    made = all_well(at_once(d.port, [register("/crowd/names")] * 100))
    expect(len({a["name"].lower() for a in made}) == 100, "two have one name")
    expect(len({a["id"] for a in made}) == 100, "two have one id")
    expect(rows(d, "SELECT count(*) FROM agents WHERE project_id = %d" % made[0]["project_id"]) == [(100,)], "rows are not 100")


def one_name(d):
    """The same name in any case, by 100 clients at once: one agent; who comes later needs its token."""
    Client(d.port).call("ensure_project", human_key="/crowd/one")
    spellings = ["BlueLake", "bluelake", "BLUELAKE", "Blue Lake"]
    made = all_well(at_once(d.port, [register("/crowd/one", name=spellings[i % 4]) for i in range(100)]))
    expect(len({a["id"] for a in made}) == 1, "more than one agent")
    expect(len({a["name"] for a in made}) == 1, "more than one spelling")
    expect(rows(d, "SELECT count(*) FROM agents WHERE project_id = %d" % made[0]["project_id"]) == [(1,)], "rows are not 1")


def one_name_one_token(d):
    """The same where tokens are asked for: one client gets the agent, 99 are refused and see no token."""
    strict = Daemon("workers=4", "agent_auth=token").start()
    try:
        Client(strict.port).call("ensure_project", human_key="/crowd/token")
        made = at_once(strict.port, [register("/crowd/token", name="BlueLake")] * 100)
        good = [a for a in made if not isinstance(a, Exception)]
        expect(len(good) == 1, "%d got the agent" % len(good))
        kinds = {a.kind if isinstance(a, Failure) else repr(a) for a in made if isinstance(a, Exception)}
        expect(kinds == {"AUTHENTICATION_REQUIRED"}, "refused with %s" % kinds)
        expect(not any(good[0]["registration_token"] in str(a) for a in made if isinstance(a, Exception)), "a token was told")
    finally:
        strict.clean()


def one_project(d):
    """One path ensured by 100 clients at once is one project."""
    made = all_well(at_once(d.port, [lambda c: c.call("ensure_project", human_key="/crowd/ensure")] * 100))
    expect(len({p["id"] for p in made}) == 1, "more than one project")


def fifty_senders(d):
    """50 senders at once to one inbox: nothing is lost or doubled, times rise with ids, and who polls by
    since_ts or by the cursor of fetch_inbox_events meanwhile gets each message once."""
    first = Client(d.port)
    first.call("ensure_project", human_key="/crowd/inbox")
    register("/crowd/inbox", name="RedStone")(first)
    first.call("set_contact_policy", project_key="/crowd/inbox", agent_name="RedStone", policy="open")
    senders = all_well(at_once(d.port, [register("/crowd/inbox")] * 50))
    inbox = {"project_key": "/crowd/inbox", "agent_name": "RedStone", "limit": 1000}
    since, cursor, seen, events = [None], [None], [], []
    done = threading.Event()

    def poll():
        client = Client(d.port)
        last = False
        while not last:
            last = done.is_set()
            got = client.call("fetch_inbox", **inbox, **({"since_ts": since[0]} if since[0] else {}))
            if got:
                since[0] = got[0]["created_ts"]
            seen.extend(m["subject"] for m in got)
            more = True
            while more:
                page = client.call("fetch_inbox_events", **inbox, **({"after": cursor[0]} if cursor[0] else {}))
                cursor[0], more = page["next_cursor"], page["has_more"]
                events.extend(e["message_id"] for e in page["events"])

    def send(name):
        def job(client):
            return [client.call("send_message", project_key="/crowd/inbox", sender_name=name, to=["RedStone"],
                                subject="%s %d" % (name, i), body_md="B")["deliveries"][0]["payload"]["id"] for i in range(8)]
        return job

    poller = threading.Thread(target=poll)
    poller.start()
    try:
        ids = sum(all_well(at_once(d.port, [send(a["name"]) for a in senders])), [])
    finally:
        done.set()
        poller.join()
    got = first.call("fetch_inbox", **inbox)
    subjects = {"%s %d" % (a["name"], i) for a in senders for i in range(8)}
    expect(len(got) == 400 and {m["subject"] for m in got} == subjects, "the inbox has %d of 400" % len(got))
    expect(sorted(m["id"] for m in got) == sorted(ids), "other ids than were answered")
    by_id = sorted(got, key=lambda m: m["id"])
    times = [m["created_ts"] for m in by_id]
    expect(times == sorted(set(times)), "times do not rise with ids")
    expect(sorted(seen) == sorted(subjects), "polling by since_ts saw %d (%d different) of 400" % (len(seen), len(set(seen))))
    expect(sorted(events) == sorted(ids), "the event feed gave %d (%d different) of 400" % (len(events), len(set(events))))


def one_key(d):
    """The same idempotency_key by 50 clients at once: one message, and 50 times the same answer."""
    first = Client(d.port)
    first.call("ensure_project", human_key="/crowd/key")
    for name in ("BlueLake", "RedStone"):
        register("/crowd/key", name=name)(first)
    first.call("set_contact_policy", project_key="/crowd/key", agent_name="RedStone", policy="open")
    answers = all_well(at_once(d.port, [lambda c: c.call("send_message", project_key="/crowd/key", sender_name="BlueLake",
                                                         to=["RedStone"], subject="once", body_md="B", idempotency_key="k")] * 50))
    expect(len([a for a in answers if not a.pop("idempotent_replay", False)]) == 1, "more than one was the first")
    expect(len({json.dumps(a) for a in answers}) == 1, "answers differ")
    got = first.call("fetch_inbox", project_key="/crowd/key", agent_name="RedStone")
    expect([m["subject"] for m in got] == ["once"], "%d messages" % len(got))


def one_request(d):
    """50 clients ask for the same contact at once: one link, one letter. Then 50 acknowledge it: one time of it."""
    first = Client(d.port)
    first.call("ensure_project", human_key="/crowd/contact")
    for name in ("BlueLake", "RedStone"):
        register("/crowd/contact", name=name)(first)
    asked = all_well(at_once(d.port, [lambda c: c.call("request_contact", project_key="/crowd/contact", from_agent="BlueLake",
                                                       to_agent="RedStone")] * 50))
    letters = [a["notification_message"]["id"] for a in asked if "notification_message" in a]
    expect(len(letters) == 1, "%d letters" % len(letters))
    links = first.call("list_contacts", project_key="/crowd/contact", agent_name="BlueLake")
    expect([(x["to"], x["status"]) for x in links] == [("RedStone", "pending")], "links: %s" % links)
    acks = all_well(at_once(d.port, [lambda c: c.call("acknowledge_message", project_key="/crowd/contact", agent_name="RedStone",
                                                      message_id=letters[0])] * 50))
    expect(len({json.dumps(a) for a in acks}) == 1, "acknowledged at several times")


def hundred_replies(d):
    """100 replies at once to one message: the thread has each once, in the database and, soon, in the archive."""
    first = Client(d.port)
    first.call("ensure_project", human_key="/crowd/thread")
    people = all_well(at_once(d.port, [register("/crowd/thread")] * 100))
    register("/crowd/thread", name="BlueLake")(first)
    first.call("set_contact_policy", project_key="/crowd/thread", agent_name="BlueLake", policy="open")
    for a in people:
        first.call("set_contact_policy", project_key="/crowd/thread", agent_name=a["name"], policy="open")
    root = first.call("send_message", project_key="/crowd/thread", sender_name="BlueLake", to=[a["name"] for a in people],
                      subject="all", body_md="B", thread_id="T-1")["deliveries"][0]["payload"]["id"]

    def answer(name):
        return lambda c: c.call("reply_message", project_key="/crowd/thread", sender_name=name, message_id=root, body_md=name)

    replies = all_well(at_once(d.port, [answer(a["name"]) for a in people]))
    expect({r["thread_id"] for r in replies} == {"T-1"}, "other threads")
    expect(len({r["id"] for r in replies}) == 100, "an id twice")
    text = first.rpc("resources/read", {"uri": "resource://thread/T-1?project=/crowd/thread"})["contents"][0]["text"]
    thread = json.loads(text)["messages"]
    expect([m["id"] for m in thread] == sorted([root] + [r["id"] for r in replies]), "the thread has %d messages" % len(thread))
    digest = "HEAD:projects/crowd-thread/messages/threads/T-1.md"

    def archived():
        text = subprocess.run(["git", "-C", d.archive, "show", digest], capture_output=True, text=True).stdout
        return all(text.count("__%d.md" % r["id"]) == 1 for r in replies)
    wait_until(archived, "the digest has each reply once")


SCENARIOS = [hundred_names, one_name, one_name_one_token, one_project, fifty_senders, one_key, one_request,
             hundred_replies]


def main(names):
    wrong = 0
    d = Daemon("workers=4", "contact_enforcement_enabled=yes").start()
    try:
        for scenario in SCENARIOS:
            if names and scenario.__name__ not in names:
                continue
            begun = time.monotonic()
            try:
                scenario(d)
                print("ok     %s (%.1f s)" % (scenario.__name__, time.monotonic() - begun), flush=True)
            except Exception as e:
                wrong += 1
                print("FAILED %s: %s: %s" % (scenario.__name__, type(e).__name__, e), flush=True)
    finally:
        d.clean()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
