"""
signals - the real daemon writes a signal file for each agent that gets mail, and fetch_inbox removes it. Started by
signals.sh with tests/chaos (daemon, client) in the path.
"""

import glob
import json
import os
import signal
import sys

from client import Client
from daemon import Daemon, Failed, alive, expect, wait_until

PROJECT = "/data/h/alpha"
SLUG = "data-h-alpha"


class Mailbox:
    def __init__(self, daemon):
        self.daemon = daemon
        self.client = Client(daemon.port)

    def call(self, tool, **arguments):
        status, body = self.client.request("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                                                            "params": {"name": tool, "arguments": arguments}})
        answer = json.loads(body)
        expect(status == 200 and not answer["result"].get("isError"), "%s: %s" % (tool, body[:500]))
        return answer["result"]["structuredContent"]

    def send(self, subject, **recipients):
        sent = self.call("send_message", project_key=PROJECT, sender_name="BlueLake", subject=subject, body_md="x",
                         **recipients)
        return sent["deliveries"][0]["payload"]["id"]

    def fetch(self, name):
        return self.call("fetch_inbox", project_key=PROJECT, agent_name=name)

    def receipt(self, message, name):
        people = self.call("get_message_delivery_receipt", project_key=PROJECT, message_id=message)["recipients"]
        return next(r for r in people if r["recipient"] == name)


def path(daemon, name):
    return os.path.join(daemon.dir, "signals", "projects", SLUG, "agents", name + ".signal")


def told(daemon, name):
    """The signal as it is now, or None."""
    try:
        with open(path(daemon, name)) as f:
            return json.load(f)
    except FileNotFoundError:
        return None


def wait_for(daemon, name, message):
    wait_until(lambda: (told(daemon, name) or {"message": {"id": 0}})["message"]["id"] == message,
               "signal of %s for message %d; log: %s" % (name, message, daemon.log()[-1000:]))


def begin(mail):
    mail.call("ensure_project", human_key=PROJECT)
    for name in ["BlueLake", "GreenCastle", "RedFox", "GoldHawk"]:
        mail.call("register_agent", project_key=PROJECT, program="p", model="m", name=name)


def who_gets_one(daemon, mail):
    first = mail.send("one", to=["GreenCastle"], cc=["RedFox"], bcc=["GoldHawk"])
    wait_for(daemon, "GreenCastle", first)
    wait_for(daemon, "RedFox", first)
    text = told(daemon, "RedFox")
    expect(list(text) == ["timestamp", "project", "agent", "message"], "members: %s" % text)
    expect(text["message"] == {"id": first, "from": "BlueLake", "subject": "one", "importance": "normal"}, str(text))
    expect((text["project"], text["agent"]) == (SLUG, "RedFox"), str(text))
    second = mail.send("two", to=["GreenCastle"])
    wait_for(daemon, "GreenCastle", second)
    expect(told(daemon, "GoldHawk") is None, "bcc has a signal")
    wait_until(lambda: mail.receipt(first, "RedFox")["signaled"], "receipt of message 1")
    expect(mail.receipt(first, "RedFox")["signal_receipts"][0]["delivery_route"] == "filesystem_signal", "route")


def goes_with_the_fetch(daemon, mail):
    mail.fetch("RedFox")
    expect(told(daemon, "RedFox") is None, "still there after the fetch")
    expect(told(daemon, "GreenCastle") is not None, "somebody else's fetch took it")
    mail.send("by REST", to=["RedFox"])
    wait_until(lambda: told(daemon, "RedFox"), "a signal")
    status, body = mail.client.request("POST", "/api/inbox", {"project_slug": SLUG, "agent_name": "RedFox"})
    expect(status == 200 and told(daemon, "RedFox") is None, "still there after REST's inbox: %s" % body[:200])
    # Fetched before the file was written: it must not come afterwards. A later signal says that the keeper has been here.
    for _ in range(20):
        mail.send("quick", to=["RedFox"])
        mail.fetch("RedFox")
        wait_for(daemon, "GreenCastle", mail.send("marker", to=["GreenCastle"]))
        expect(told(daemon, "RedFox") is None, "written after it was fetched")


def survives_the_keeper(daemon, mail):
    mail.fetch("RedFox")
    keeper = daemon.children("keeper")[0]
    daemon.kill(keeper, signal.SIGSTOP)
    message = mail.send("while it was away", to=["RedFox"])
    daemon.kill(keeper)
    wait_until(lambda: not alive(keeper), "the keeper ends")
    wait_for(daemon, "RedFox", message)
    message = mail.send("at the end", to=["GreenCastle"])
    daemon.kill_master()
    daemon.start()
    mail.client.close()
    wait_for(daemon, "GreenCastle", message)


def survives_a_bad_place(daemon, mail):
    root = os.path.join(daemon.dir, "signals")
    os.rename(root, root + ".away")
    with open(root, "w"):
        pass
    message = mail.send("nowhere", to=["RedFox"])
    wait_until(lambda: "notifications_signals_dir" in daemon.log(), "the log names the setting")
    expect(not mail.receipt(message, "RedFox")["signaled"], "a receipt without a file")
    os.unlink(root)
    wait_for(daemon, "RedFox", message)


def without_metadata_and_off(daemon, mail):
    mail.fetch("RedFox")
    daemon.stop()
    daemon.options.append("notifications_include_metadata=no")
    daemon.start()
    mail.client.close()
    mail.send("secret", to=["RedFox"])
    wait_until(lambda: told(daemon, "RedFox"), "a signal")
    expect(list(told(daemon, "RedFox")) == ["timestamp", "project", "agent"], str(told(daemon, "RedFox")))
    daemon.stop()
    daemon.options += ["notifications_enabled=no"]
    daemon.start()
    mail.client.close()
    mail.fetch("RedFox")
    expect(told(daemon, "RedFox") is not None, "touched although notifications are off")


def main():
    daemon = Daemon("notifications_enabled=yes", "agent_name_enforcement_mode=coerce",
                    "notifications_signals_dir=signals")
    daemon.options[-1] = "notifications_signals_dir=" + os.path.join(daemon.dir, "signals")
    try:
        mail = Mailbox(daemon.start())
        begin(mail)
        for scenario in [who_gets_one, goes_with_the_fetch, survives_the_keeper, survives_a_bad_place,
                         without_metadata_and_off]:
            scenario(daemon, mail)
            print("signals: %s" % scenario.__name__)
        stray = [p for p in glob.glob(os.path.join(daemon.dir, "signals*", "projects", "*", "agents", ".*"))]
        expect(not stray, "left behind: %s" % stray)
        daemon.stop()
    except Failed as e:
        print("signals: %s" % e, file=sys.stderr)
        return 1
    finally:
        daemon.clean()
    return 0


sys.exit(main())
