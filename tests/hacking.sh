#!/bin/sh
# hacking - takes the steps of docs/HACKING.md in a scratch copy of the tree, builds it, and runs the check of each section.
# Usage: [BUILD=build] [CC=cc] hacking.sh
cd "$(dirname "$0")/.." || exit 1
exec python3 - "${BUILD:-build}" "${CC:-cc}" <<'END'
import os
import re
import shutil
import subprocess
import sys
import tempfile

build, cc = sys.argv[1:]
FENCE = re.compile(r'^( *)```\w+ (new|after|check)(?: (\S+))?(?: ([^\n]+))?\n(.*?)^\1```$', re.M | re.S)


def take(top, section, indent, do, name, text, body):
    """One block; the shell script of a check."""
    body = "".join(line[len(indent):] if line.strip() else line for line in body.splitlines(True))
    path = os.path.join(top, name or "")
    if do == "new":
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x") as f:
            f.write(body)
    elif do == "after":
        with open(path) as f:
            lines = f.readlines()
        at = [i for i, line in enumerate(lines) if text in line]
        if not at:
            sys.exit("hacking: %s: no line of %s contains: %s" % (section, name, text))
        lines.insert(at[0] + 1, body)
        with open(path, "w") as f:
            f.writelines(lines)
    else:
        return body


with open("docs/HACKING.md") as f:
    sections = re.split(r'^## ', f.read(), flags=re.M)[1:]
top = tempfile.mkdtemp(prefix="agentmail-hacking-")
try:
    for name in ["Makefile", "CHANGELOG", "src", "etc", "docs", "tests"]:
        (shutil.copytree if os.path.isdir(name) else shutil.copy2)(name, os.path.join(top, name))
    # What is built already need not be built again: the copy has the same paths and times.
    if os.path.isdir(build):
        shutil.copytree(build, os.path.join(top, "build"), symlinks=True)
    checks = []
    for section in sections:
        title = section.split("\n", 1)[0]
        for m in FENCE.finditer(section):
            script = take(top, title, *m.groups())
            if script:
                checks.append((title, script))
    make = subprocess.run(["make", "-s", "-j2", "CC=" + cc, "BUILD=build", "all"], cwd=top, capture_output=True, text=True)
    if make.returncode != 0:
        sys.exit("hacking: the tree with the steps does not build:\n" + (make.stdout + make.stderr)[-4000:])
    for title, script in checks:
        # `timeout` ends the whole group, with a daemon that the check began.
        done = subprocess.run(["timeout", "60", "sh", "-e", "-c", script], cwd=top, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit("hacking: %s: the check failed with %d:\n%s" % (title, done.returncode, done.stdout[-4000:]))
        print("hacking: %s: ok" % title)
finally:
    shutil.rmtree(top)
END
