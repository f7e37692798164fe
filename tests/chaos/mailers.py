"""Agents that write as fast as they are answered and remember, each, what was acknowledged: the whole answer was read."""

import random
import threading
import time

from client import Client, Lost, Refused

PROJECTS = ["/chaos/one", "/chaos/two"]
NAMES = ["BlueLake", "RedCastle", "GreenForest", "GoldHill", "SilverRiver", "WhiteMountain"]


def settle_people(port):
    """Projects and agents that every scenario knows."""
    c = Client(port)
    for p in PROJECTS:
        c.tool("ensure_project", human_key=p)
        for name in NAMES:
            c.tool("register_agent", project_key=p, program="chaos", model="m", name=name)
    c.close()


class Ledger:
    """What the clients know; shared by all of them, only added to."""

    def __init__(self):
        self.sent = {}        # subject -> message id, acknowledged
        self.keyed = set()    # subjects sent with a key: at most once, whatever happens
        self.tried = set()    # every subject ever sent
        self.granted = {}     # reservation id -> pattern
        self.released = set()
        self.read = set()     # (message id, agent name, project)
        self.agents = set()   # (project, name)
        self.lost = 0         # requests without an answer
        self.refused = []     # answers that say no
        self.answers = 0


class Mailer(threading.Thread):
    serial = 0

    def __init__(self, port, ledger, keep=True, pause=0.0, on_lost=None, long_body=0):
        super().__init__(daemon=True)
        Mailer.serial += 1
        self.tag = "m%d" % Mailer.serial
        self.ledger, self.pause = ledger, pause
        self.client = Client(port, keep)
        self.dice = random.Random(Mailer.serial * 7919)
        self.halt = threading.Event()
        self.n = 0
        self.mine = []
        self.inbox = []
        self.body = "x" * long_body

    def attempt(self, call, key=None, subject=None):
        """Until it is answered when there is a key, else once. The result or None."""
        while True:
            try:
                result = call()
                self.ledger.answers += 1
                return result
            except Lost:
                self.ledger.lost += 1
                if key is None or self.halt.is_set():
                    return None
                time.sleep(0.02)
            except Refused as e:
                self.ledger.refused.append(str(e))
                time.sleep(0.02)
                # Refused for the moment: the same key may be tried again.
                if key is None or e.status not in (429, 503, 507) or self.halt.is_set():
                    return None

    def write(self):
        project = self.dice.choice(PROJECTS)
        sender, *to = self.dice.sample(NAMES, self.dice.randint(2, 4))
        self.n += 1
        subject = "%s-%d" % (self.tag, self.n)
        key = "key-" + subject if self.dice.random() < 0.5 else None
        body = "body of %s. %s" % (subject, self.body)
        thread = "T-%d" % self.dice.randint(1, 40) if self.dice.random() < 0.4 else None
        self.ledger.tried.add(subject)
        if key:
            self.ledger.keyed.add(subject)
        if self.dice.random() < 0.5:
            extra = {k: v for k, v in (("idempotency_key", key), ("thread_id", thread)) if v}
            result = self.attempt(lambda: self.client.tool("send_message", project_key=project, sender_name=sender, to=to,
                                  subject=subject, body_md=body, **extra)["deliveries"][0]["payload"], key)
        else:
            extra = {"thread_id": thread} if thread else {}
            result = self.attempt(lambda: self.client.rest_call("/api/message/send", key, project_slug=project,
                                  sender_name=sender, recipient_names=to, subject=subject, body_md=body, **extra), key)
        if result:
            message = result.get("id", result.get("message_id"))
            self.ledger.sent[subject] = message
            self.inbox.append((project, to[0], message))

    def answer(self):
        if not self.inbox:
            return self.write()
        project, name, message = self.inbox.pop()
        result = self.attempt(lambda: self.client.tool("acknowledge_message", project_key=project, agent_name=name,
                                                       message_id=message))
        if result:
            self.ledger.read.add((message, name))

    def reserve(self):
        project = self.dice.choice(PROJECTS)
        name = self.dice.choice(NAMES)
        self.n += 1
        pattern = "src/%s/%d/*.c" % (self.tag, self.n)
        result = self.attempt(lambda: self.client.tool("file_reservation_paths", project_key=project, agent_name=name,
                              paths=[pattern], idempotency_key="res-" + pattern), "res-" + pattern)
        if not result:
            return
        one = result["granted"][0]["id"]
        self.ledger.granted[one] = pattern
        if self.dice.random() < 0.5:
            result = self.attempt(lambda: self.client.tool("release_file_reservations", project_key=project,
                                  agent_name=name, file_reservation_ids=[one]))
            if result:
                self.ledger.released.add(one)

    def enrol(self):
        project = self.dice.choice(PROJECTS)
        result = self.attempt(lambda: self.client.tool("register_agent", project_key=project, program="chaos", model="m"))
        if result:
            self.ledger.agents.add((project, result["name"]))

    def run(self):
        while not self.halt.is_set():
            x = self.dice.random()
            (self.write if x < 0.8 else self.answer if x < 0.88 else self.reserve if x < 0.97 else self.enrol)()
            if self.pause:
                time.sleep(self.pause)
        self.client.close()


class Crowd:
    """Several mailers at once."""

    def __init__(self, port, ledger, count, **more):
        self.mailers = [Mailer(port, ledger, **more) for _ in range(count)]
        for m in self.mailers:
            m.start()

    def stop(self):
        for m in self.mailers:
            m.halt.set()
        for m in self.mailers:
            m.join(60)
            if m.is_alive():
                raise AssertionError("a mailer does not end")
