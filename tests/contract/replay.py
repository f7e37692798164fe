#!/usr/bin/env python3
"""replay - plays the scenarios of *.cases against a daemon of its own and compares the answers.

Usage: [BUILD=build] replay.py [-v] [FILE.cases]... [only=WORDS]      (-v shows every answer)

A cases file is read line by line; an indented line continues the one before.

    daemon KEY=VALUE ...            options; a scenario with other ones gets another daemon
    scenario NAME                   what was bound or preset is forgotten
    let NAME JSON                   a piece of JSON: {"...": "NAME", "subject": "x"} is it with members replaced or added
    agents KEY POLICY NAME ...      a project and its agents; binds <proj:KEY>, <agent:NAME>, <token:NAME>
    preset TOOL JSON                arguments that calls of the tool have unless they say otherwise ("<absent>" takes one away)
    session NAME | none             calls go by this MCP session; the first use begins it
    picture PATH WIDTH HEIGHT       a PNG of noise, the same each time, below projects/ in the archive
    file PATH TEXT                  a file there
    do TOOL JSON                    must succeed
    case NAME
    call TOOL JSON
    read URI                        resources/read; "<kind:label>" stands for what was bound
    rpc METHOD JSON                 any other method
    gives JSON                      structuredContent, members in this order; content must be the same as text
    errs CODE TEXT                  of read and rpc: JSON-RPC error
    fails TYPE TEXT                 isError; TEXT without "Error calling tool 'TOOL': ", which must be there
    says TEXT                       isError; the whole text (unknown tool, arguments that do not fit)
    data JSON                       of the failure before, in structuredContent.error
    deviates WORDS                  why this is not what the reference answers: words of a row of docs/COMPATIBILITY.md

In expected JSON and TEXT "<kind>" is any value of that kind and "<kind:label>" the same value wherever the label occurs,
another one for another label; in arguments it is what was bound. Kinds: KINDS below. "<...>" ends a text: whatever follows.
"""

import json
import os
import random
import re
import struct
import sys
import urllib.error
import urllib.request
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", place) for place in ("support", "chaos")]
sys.dont_write_bytecode = True
from daemon import Daemon  # noqa: E402

TS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?"
KINDS = {
    "ts": lambda v: isinstance(v, str) and re.fullmatch(TS + r"\+00:00", v),
    "naive": lambda v: isinstance(v, str) and re.fullmatch(TS, v),
    "token": lambda v: isinstance(v, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", v),
    "name": lambda v: isinstance(v, str) and re.fullmatch(r"([A-Z][a-z]+){2}", v),
    "sha1": lambda v: isinstance(v, str) and re.fullmatch(r"[0-9a-f]{40}", v),
    "sha12": lambda v: isinstance(v, str) and re.fullmatch(r"[0-9a-f]{12}", v),
    "text": lambda v: isinstance(v, str),
    "base64": lambda v: isinstance(v, str) and re.fullmatch(r"[A-Za-z0-9+/]+=*", v),
    "any": lambda v: True,
}
for kind in ("proj", "agent", "msg", "resv", "window", "int"):
    KINDS[kind] = lambda v: isinstance(v, int) and not isinstance(v, bool)
MARK = re.compile(r"<([a-z0-9]+)(?::([^<>]+))?>")


def png(width, height):
    """A picture that no coder makes small."""
    dice = random.Random(width * 65536 + height)
    rows = b"".join(b"\0" + dice.randbytes(3 * width) for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Wrong(Exception):
    """What an answer has and should not have, in words."""


class Bindings:
    def __init__(self):
        self.of = {}

    def value(self, kind, label):
        if (kind, label) not in self.of:
            raise Wrong("<%s:%s> is bound to nothing" % (kind, label))
        return self.of[kind, label]

    def meet(self, kind, label, value, where):
        if kind not in KINDS:
            raise Wrong("no kind %s" % kind)
        if not KINDS[kind](value):
            raise Wrong("%s: %r is no %s" % (where, value, kind))
        if label is None:
            return
        if (kind, label) in self.of:
            if self.of[kind, label] != value:
                raise Wrong("%s: %r, <%s:%s> was %r" % (where, value, kind, label, self.of[kind, label]))
            return
        if kind not in ("ts", "int", "text", "any"):
            for (k, other), v in self.of.items():
                if k == kind and v == value:
                    raise Wrong("%s: %r is <%s:%s>, not <%s:%s>" % (where, value, kind, other, kind, label))
        self.of[kind, label] = value

    def fill(self, value):
        """Arguments with what was bound in its places."""
        if isinstance(value, dict):
            return {k: self.fill(v) for k, v in value.items() if v != "<absent>"}
        if isinstance(value, list):
            return [self.fill(v) for v in value]
        if not isinstance(value, str):
            return value
        whole = MARK.fullmatch(value)
        if whole and whole[2]:
            return self.value(whole[1], whole[2])
        return MARK.sub(lambda m: str(self.value(m[1], m[2])) if m[2] else m[0], value)

    def same_text(self, want, got, where):
        known = MARK.sub(lambda m: str(self.value(m[1], m[2])) if m[2] else m[0], want)
        pieces = re.split(r"<(?:[a-z0-9]+|\.\.\.)>", known)
        pattern = ".+".join(re.escape(piece) for piece in pieces)
        if known.endswith("<...>"):
            pattern = pattern[:-1] + "*"
        ok = re.fullmatch(pattern, got, re.DOTALL)
        if not ok:
            raise Wrong("%s:\n    is     %r\n    wanted %r" % (where, got, known))

    def same(self, want, got, where="answer"):
        if isinstance(want, str) and MARK.fullmatch(want):
            m = MARK.fullmatch(want)
            self.meet(m[1], m[2], got, where)
        elif isinstance(want, str) and isinstance(got, str):
            self.same_text(want, got, where)
        elif isinstance(want, dict) and isinstance(got, dict):
            if list(want) != list(got):
                raise Wrong("%s: members %s\n    wanted %s" % (where, ", ".join(got), ", ".join(want)))
            for key in want:
                self.same(want[key], got[key], "%s.%s" % (where, key))
        elif isinstance(want, list) and isinstance(got, list):
            if len(want) != len(got):
                raise Wrong("%s: %d items, wanted %d: %s" % (where, len(got), len(want), json.dumps(got)[:600]))
            for i, (w, g) in enumerate(zip(want, got)):
                self.same(w, g, "%s[%d]" % (where, i))
        elif type(want) is not type(got) or want != got:
            raise Wrong("%s: %s, wanted %s" % (where, json.dumps(got, ensure_ascii=False)[:600], json.dumps(want, ensure_ascii=False)))


class Server:
    """The daemon and the sessions with it."""

    def __init__(self, options):
        self.daemon = Daemon("contact_enforcement_enabled=yes", "workers=2", *options)
        self.daemon.start()
        self.sessions = {}

    def stop(self):
        self.daemon.clean()

    def post(self, method, params, session=None):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if session:
            headers["Mcp-Session-Id"] = session
        request = urllib.request.Request("http://127.0.0.1:%d/mcp" % self.daemon.port, body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.headers, json.loads(answer.read())

    def session(self, name):
        if name not in self.sessions:
            headers, _ = self.post("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                                                  "clientInfo": {"name": "replay", "version": "1"}})
            self.sessions[name] = headers["mcp-session-id"]
        return self.sessions[name]

    def call(self, tool, arguments, session=None):
        _, answer = self.post("tools/call", {"name": tool, "arguments": arguments},
                              self.session(session) if session else None)
        if "result" not in answer:
            raise Wrong("no result: %s" % json.dumps(answer))
        return answer["result"]


# Their text block is the wrapper {"result": [...]} too; that of other list tools is the list.
WRAPPED = ("search_messages", "search_messages_product")


def check_text(result, tool):
    """The text block says what structuredContent says."""
    if [b.get("type") for b in result["content"]] != ["text"]:
        raise Wrong("content is %s" % json.dumps(result["content"])[:300])
    value = result["structuredContent"]
    if list(value) == ["result"] and tool not in WRAPPED:
        value = value["result"]
    if isinstance(value, dict) and value.get("format") == "toon":
        if result["content"][0]["text"] != value["data"]:
            raise Wrong("the text block is not the TOON: %s" % result["content"][0]["text"][:300])
        return
    if json.dumps(json.loads(result["content"][0]["text"])) != json.dumps(value):
        raise Wrong("the text block is %s" % result["content"][0]["text"][:300])


class Player:
    def __init__(self, path, only, verbose, rows):
        self.path, self.only, self.verbose, self.rows = path, only, verbose, rows
        self.options, self.server, self.running = (), None, None
        self.pieces, self.bindings, self.presets, self.session = {}, Bindings(), {}, None
        self.case, self.result, self.tool, self.where = "", None, "", 0
        self.played, self.wrong, self.deviations = 0, 0, 0

    def lines(self):
        with open(self.path, encoding="utf-8") as f:
            held, number = "", 0
            for i, line in enumerate(f, 1):
                line = line.rstrip("\n")
                if line[:1] in (" ", "\t"):
                    held += line.strip() if held.endswith(("\\n",)) else " " + line.strip()
                    continue
                if held and not held.startswith("#"):
                    yield number, held
                held, number = line, i
            if held and not held.startswith("#"):
                yield number, held

    def piece(self, value):
        """JSON with its "..." members replaced by the named pieces."""
        if isinstance(value, list):
            return [self.piece(v) for v in value]
        if not isinstance(value, dict):
            return value
        out = {}
        for key, v in value.items():
            if key == "...":
                out.update(self.pieces[v])
            else:
                out[key] = self.piece(v)
        return {k: v for k, v in out.items() if v != "<absent>"} if "..." in value else out

    def json(self, text):
        try:
            return self.piece(json.loads(text))
        except ValueError as e:
            raise Wrong("bad JSON: %s: %s" % (e, text))

    def need(self):
        if self.running != self.options or self.server is None:
            if self.server:
                self.server.stop()
            self.server, self.running = Server(self.options), self.options
        return self.server

    def ask(self, tool, arguments):
        given = dict(self.presets.get(tool, {}))
        given.update(arguments)
        result = self.need().call(tool, self.bindings.fill(given), self.session)
        if self.verbose:
            print("%s\n  %s %s\n  %s" % (self.case, tool, json.dumps(given, ensure_ascii=False),
                                         json.dumps(result.get("structuredContent", result), ensure_ascii=False)))
        return result

    def must(self, tool, arguments):
        result = self.ask(tool, arguments)
        if result.get("isError"):
            raise Wrong("%s: %s" % (tool, result["content"][0]["text"]))
        return result["structuredContent"]

    def run(self, word, rest):
        getattr(self, "on_" + word, self.on_other)(rest, word)

    def on_other(self, rest, word):
        raise Wrong("what is %r?" % word)

    def on_daemon(self, rest, _):
        self.options = tuple(rest.split())

    def on_scenario(self, rest, _):
        self.bindings, self.presets, self.session, self.case = Bindings(), {}, None, rest

    def on_let(self, rest, _):
        name, text = rest.split(None, 1)
        self.pieces[name] = self.json(text)

    def on_preset(self, rest, _):
        tool, text = rest.split(None, 1)
        self.presets[tool] = self.json(text)

    def on_session(self, rest, _):
        self.session = None if rest == "none" else rest

    def on_agents(self, rest, _):
        key, policy, *names = rest.split()
        project = self.must("ensure_project", {"human_key": key})
        self.bindings.of["proj", key] = project["id"]
        for name in names:
            agent = self.must("register_agent", {"project_key": key, "program": "prog", "model": "mod", "name": name})
            self.bindings.of["agent", name] = agent["id"]
            self.bindings.of["token", name] = agent["registration_token"]
            if policy != "auto":
                self.must("set_contact_policy", {"project_key": key, "agent_name": name, "policy": policy,
                                                 "registration_token": agent["registration_token"]})

    def on_do(self, rest, _):
        tool, text = rest.split(None, 1)
        self.must(tool, self.json(text))

    def put(self, path, data):
        path = os.path.join(self.need().daemon.archive, "projects", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)

    def on_picture(self, rest, _):
        path, width, height = rest.split()
        self.put(path, png(int(width), int(height)))

    def on_file(self, rest, _):
        path, _, text = rest.partition(" ")
        self.put(path, text.encode())

    def on_case(self, rest, _):
        self.case = rest
        self.played += 1

    def on_call(self, rest, _):
        self.tool, text = rest.split(None, 1)
        self.result = self.ask(self.tool, self.json(text))

    def on_read(self, rest, _):
        uri = self.bindings.fill("%s" % rest)
        _, answer = self.need().post("resources/read", {"uri": uri}, self.server.session(self.session) if self.session else None)
        self.result = answer
        if "error" in answer:
            return
        contents = answer["result"]["contents"]
        if len(contents) != 1 or list(contents[0])[:3] != ["uri", "mimeType", "text"] or contents[0]["mimeType"] != "application/json" \
                or contents[0]["uri"] != uri:
            raise Wrong("contents are %s" % json.dumps(contents)[:300])
        self.result = {"structuredContent": json.loads(contents[0]["text"]), "content": [{"type": "text", "text": contents[0]["text"]}]}
        if self.verbose:
            print("%s\n  %s\n  %s" % (self.case, uri, contents[0]["text"]))

    def on_rpc(self, rest, _):
        method, text = rest.split(None, 1)
        _, answer = self.need().post(method, self.bindings.fill(self.json(text)))
        self.result = answer
        if "result" in answer:
            self.result = {"structuredContent": answer["result"], "content": [{"type": "text", "text": json.dumps(answer["result"])}]}

    def on_errs(self, rest, _):
        code, text = rest.split(None, 1)
        error = self.result.get("error")
        if not error:
            raise Wrong("no error: %s" % json.dumps(self.result, ensure_ascii=False)[:600])
        if error["code"] != int(code):
            raise Wrong("code %d, wanted %s: %s" % (error["code"], code, error["message"]))
        self.bindings.same_text(text.replace("\\n", "\n"), error["message"], "message")

    def on_gives(self, rest, _):
        if "error" in self.result:
            raise Wrong("fails: %s" % json.dumps(self.result["error"]))
        if self.result.get("isError"):
            raise Wrong("fails: %s" % self.result["content"][0]["text"])
        self.bindings.same(self.json(rest), self.result["structuredContent"])
        check_text(self.result, self.tool)

    def on_fails(self, rest, _):
        kind, text = rest.split(None, 1)
        self.failed(kind, "Error calling tool '%s': " % self.tool, text)

    def on_says(self, rest, _):
        self.failed(None, "", rest)

    def failed(self, kind, head, text):
        if not self.result.get("isError"):
            raise Wrong("does not fail: %s" % json.dumps(self.result["structuredContent"], ensure_ascii=False)[:600])
        if [b.get("type") for b in self.result["content"]] != ["text"]:
            raise Wrong("content is %s" % json.dumps(self.result["content"])[:300])
        self.bindings.same_text(head + text.replace("\\n", "\n"), self.result["content"][0]["text"], "text")
        if kind is None:
            return
        error = self.result.get("structuredContent", {}).get("error")
        if not isinstance(error, dict) or list(error) != ["type", "message", "recoverable", "data"]:
            raise Wrong("structuredContent is %s" % json.dumps(self.result.get("structuredContent"))[:300])
        if error["type"] != kind:
            raise Wrong("type %s, wanted %s" % (error["type"], kind))
        if head + error["message"] != self.result["content"][0]["text"]:
            raise Wrong("error.message is %r" % error["message"])

    def on_data(self, rest, _):
        error = self.result.get("structuredContent", {}).get("error")
        if not error:
            raise Wrong("no failure")
        self.bindings.same(self.json(rest), error["data"], "data")

    def on_deviates(self, rest, _):
        self.deviations += 1
        if not any(rest in row for row in self.rows):
            raise Wrong("no row of docs/COMPATIBILITY.md holds %r" % rest)

    def play(self):
        skip = False
        try:
            for self.where, line in self.lines():
                word, _, rest = line.partition(" ")
                if word == "scenario":
                    skip = self.only is not None and self.only not in rest
                if skip and word not in ("let", "daemon", "scenario"):
                    continue
                try:
                    self.run(word, rest.strip())
                except Wrong as e:
                    self.wrong += 1
                    print("%s:%d: %s: %s" % (os.path.basename(self.path), self.where, self.case, e))
        finally:
            if self.server:
                self.server.stop()
        return self.wrong


def main(words):
    verbose = "-v" in words
    only = next((w[5:] for w in words if w.startswith("only=")), None)
    files = [w for w in words if w.endswith(".cases")] or \
        sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".cases"))
    with open(os.path.join(HERE, "../../docs/COMPATIBILITY.md"), encoding="utf-8") as f:
        rows = [line for line in f if line.startswith("|")]
    wrong = 0
    for path in files:
        player = Player(path, only, verbose, rows)
        wrong += player.play()
        print("%s: %d cases, %d differ from the reference as written down, %d wrong" %
              (os.path.basename(path), player.played, player.deviations, player.wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
