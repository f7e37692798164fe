"""A daemon and a stand-in for a language model that misbehaves (see model.sh)."""
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BUILD = sys.argv[1]
KEY = "sk-never-to-be-seen"
PROJECT = "/data/h/model"
LLM_TIMEOUT = 6
heard, open_calls, most_open, lock = [], 0, 0, threading.Lock()
let_go = threading.Event()


class Model(BaseHTTPRequestHandler):
    """Answers as the model's name says; "held" waits for let_go."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        global open_calls, most_open
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with lock:
            heard.append((self.path, self.headers.get("authorization"), body))
            open_calls += body["model"] == "held"
            most_open = max(most_open, open_calls)
        if body["model"] == "held":
            let_go.wait(60)
            with lock:
                open_calls -= 1
        if body["model"] == "silent":
            time.sleep(3 * LLM_TIMEOUT)
        text = json.dumps({"key_points": ["said by the model"]})
        reply = json.dumps({"choices": [{"message": {"content": f"```json\n{text}\n```"}}]}).encode()
        with contextlib.suppress(OSError):
            self.send_response(500 if body["model"] == "broken" else 200)
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, limit=20):
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.01)


def call(port, tool, **arguments):
    if "human_key" not in arguments:
        arguments["project_key"] = PROJECT
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/mcp",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": {"name": tool, "arguments": arguments}}).encode(),
        {"content-type": "application/json", "accept": "application/json, text/event-stream"})
    with urllib.request.urlopen(request, timeout=90) as answer:
        result = json.load(answer)["result"]
    assert not result["isError"], result
    return result["structuredContent"]


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=90) as answer:
        return answer.read().decode()


def refined(answer):
    return "said by the model" in json.dumps(answer)


def warned(answer, why):
    return any(re.search(why, w) for w in answer.get("warnings", []))


@contextlib.contextmanager
def daemon(directory, model_port, **options):
    port = free_port()
    settings = {"port": port, "state_dir": f"{directory}/data", "workers": 1, "llm_timeout": f"{LLM_TIMEOUT}s", "llm_parallel": 3,
                "llm_default_model": "good", **options}
    command = [f"{BUILD}/agentmaild", "-F"]
    for key, value in settings.items():
        command += ["-o", f"{key}={value}"]
    env = {"PATH": os.environ["PATH"], "HOME": directory, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
           "LLM_ENABLED": options.get("LLM_ENABLED", "true")}
    with open(f"{directory}/log", "ab") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def up():
        assert process.poll() is None, "the daemon has ended"
        with contextlib.suppress(OSError):
            return get(port, "/health") != ""
        return False

    try:
        wait_for("the daemon serves", up)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def people(port):
    for name in ("BlueLake", "GreenCastle"):
        call(port, "macro_start_session", human_key=PROJECT, program="p", model="m", agent_name=name)
    call(port, "set_contact_policy", agent_name="GreenCastle", policy="open")
    call(port, "send_message", sender_name="BlueLake", to=["GreenCastle"], subject="s", body_md="- found by words", thread_id="T-1")


def asked(port, model=None, **more):
    return call(port, "summarize_thread", thread_id="T-1", **({"llm_model": model} if model else {}), **more)


def one_by_one(port):
    assert refined(asked(port)) and not asked(port).get("warnings")
    assert heard[0][:2] == ("/v1/chat/completions", f"Bearer {KEY}") and heard[0][2]["model"] == "good", heard[0]
    before = len(heard)
    assert not refined(asked(port, llm_mode=False)) and len(heard) == before
    assert refined(call(port, "summarize_recent")) and call(port, "summarize_recent")["cached"]
    joined = call(port, "macro_prepare_thread", thread_id="T-1", program="p", model="m", agent_name="GreenCastle")
    assert refined(joined["thread"]) and joined["inbox"], joined
    assert refined(asked(port, "broken")), "the usual model is tried where another one fails"
    begin = time.monotonic()
    silent = asked(port, "silent")
    assert warned(silent, "Timeout|in time") and "found by words" in json.dumps(silent), silent
    assert time.monotonic() - begin < 4 * LLM_TIMEOUT


def side_by_side(port):
    """Many wait for the model; nobody else does, and few are asked at once."""
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(asked(port, "held"))) for _ in range(20)]
    for t in threads:
        t.start()
    wait_for("three are asked", lambda: open_calls == 3)
    begin = time.monotonic()
    call(port, "whois", agent_name="BlueLake")
    assert get(port, "/health")
    # Asks the helper too, which has children for that.
    call(port, "acquire_build_slot", agent_name="BlueLake", slot="ci")
    waited = time.monotonic() - begin
    assert open_calls == 3 and waited < LLM_TIMEOUT / 2, (open_calls, waited)
    let_go.set()
    for t in threads:
        t.join()
    assert most_open == 3 and len(answers) == 20, (most_open, len(answers))
    good = sum(map(refined, answers))
    assert good >= 3 and all(refined(a) or warned(a, "not refined") for a in answers), good
    return waited, good


def secrets(port, directory):
    texts = [get(port, "/metrics"), open(f"{directory}/log", encoding="utf-8").read()]
    shown = subprocess.run([f"{BUILD}/agentmail", "conf", "show"], env={"PATH": os.environ["PATH"], "OPENAI_API_KEY": KEY},
                           capture_output=True, text=True, check=False)
    assert "llm_api_key" in shown.stdout, shown
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/mcp", json.dumps({"jsonrpc": "2.0", "id": 1, "method": "resources/read",
                                                    "params": {"uri": "resource://config/environment"}}).encode(),
        {"content-type": "application/json", "accept": "application/json, text/event-stream"})
    with urllib.request.urlopen(request, timeout=90) as answer:
        texts.append(answer.read().decode())
    assert all(KEY not in text for text in texts + [shown.stdout, shown.stderr])
    for folder, _, files in os.walk(f"{directory}/data"):
        for name in files:
            with contextlib.suppress(OSError), open(os.path.join(folder, name), "rb") as f:
                assert KEY.encode() not in f.read(), name


def main():
    model = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    model.daemon_threads = True
    threading.Thread(target=model.serve_forever, daemon=True).start()
    directory = tempfile.mkdtemp(prefix="agentmail-model-")
    try:
        with daemon(directory, model.server_port) as port:
            people(port)
            one_by_one(port)
            waited, good = side_by_side(port)
            secrets(port, directory)
        before = len(heard)
        with daemon(directory, free_port()) as port:
            gone = asked(port)
            assert warned(gone, "not refined") and "found by words" in json.dumps(gone), gone
        with daemon(directory, model.server_port, llm_enabled="no") as port:
            assert not refined(asked(port)) and not asked(port).get("warnings")
        assert len(heard) == before, "nothing is sent when it is switched off"
        print(f"model: ok ({waited * 1000:.0f} ms beside 20 waiting queries, {good} of them refined)")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
