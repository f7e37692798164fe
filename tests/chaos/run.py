#!/usr/bin/env python3
"""
Runs the scenarios of this folder against the real daemon: `run.py short|long [NAME...]`. A scenario is a function of
a module that MODULES names; each prints one line, the last line is "N passed, N failed".
BUILD is where agentmaild and agentmail are, BUILD_FAULTS where those with fault points are (long form only).
"""

import importlib
import signal
import sys
import time
import traceback

from daemon import Failed, Skip

MODULES = ["kill", "faults", "full", "change", "broken", "person", "crowd", "soak"]


def scenarios(form):
    for name in MODULES:
        module = importlib.import_module(name)
        named = getattr(module, "SCENARIOS", None)
        if named is None:
            named = [(name, getattr(module, "short", None), getattr(module, "long", None))]
        for title, short, longer in named:
            what = short if form == "short" else longer
            if what:
                yield title, what


def asked_to_stop(number, frame):
    """The daemons are stopped on the way out."""
    raise SystemExit("stopped while: " + "".join(traceback.format_stack(frame)[-4:]))


def main():
    signal.signal(signal.SIGTERM, asked_to_stop)
    if len(sys.argv) < 2 or sys.argv[1] not in ("short", "long"):
        print("usage: run.py short|long [NAME...]", file=sys.stderr)
        return 64
    unknown = [w for w in sys.argv[2:] if not any(title.startswith(w) for title, what in scenarios(sys.argv[1]))]
    if unknown:
        print("run.py: no scenario of the %s form begins with %s" % (sys.argv[1], ", ".join(unknown)), file=sys.stderr)
        return 64
    passed = failed = 0
    for title, what in scenarios(sys.argv[1]):
        if sys.argv[2:] and not any(title.startswith(w) for w in sys.argv[2:]):
            continue
        start = time.monotonic()
        try:
            verdict, words = "ok", what() or ""
            passed += 1
        except Skip as e:
            verdict, words = "skipped", str(e)
        except Failed as e:
            verdict, words = "FAILED", str(e)
            failed += 1
        except Exception:
            verdict, words = "FAILED", traceback.format_exc()
            failed += 1
        print("%-8s %s (%.1f s) %s" % (verdict, title, time.monotonic() - start, words), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


sys.exit(main())
