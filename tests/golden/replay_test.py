#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of a recording's demand, twice the same: replay_test.py GBSIM RECORDING."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from golden_test import content, differing

MACHINE = ["--memory", "256MiB", "--gigablock-order", "14", "--quiet", "--no-plots"]


def gbsim(binary, *arguments, code=0):
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == code, f"exit {done.returncode}: {done.stderr}"
    return done


def what_if_repeats(binary, recording, scratch):
    for placement in ("linux", "gigablock-bitmap"):
        dirs = [scratch / f"{placement}-{i}" for i in range(2)]
        for out in dirs:
            gbsim(binary, "replay", recording, "--placement", placement, "--daemons", *MACHINE, "-o", out)
        first, second = map(content, dirs)
        assert not differing(first, second), differing(first, second)
        texts = [(out / "replay.json").read_text() for out in dirs]
        assert texts[0] == texts[1]
        demand = json.loads(texts[0])["demand"]
        assert demand["allocations"] > demand["frees"] > 0, demand


def what_if_refuses_nonsense(binary, recording, scratch):
    out = ["-o", scratch / "never"]
    wrong = gbsim(binary, "replay", recording, "--placement", "linus", *MACHINE, *out, code=2)
    assert "linus" in wrong.stderr, wrong.stderr
    sizeless = gbsim(binary, "replay", recording, "--placement", "linux", *out, code=2)
    assert "--memory" in sizeless.stderr, sizeless.stderr
    assert not (scratch / "never").exists()


def fit_repeats(binary, recording, scratch):
    fits = []
    for i in range(2):
        out = scratch / str(i) / "fitted.yaml"
        out.parent.mkdir()
        gbsim(binary, "fit", recording, "-o", out)
        gbsim(binary, "check", out)
        fits.append(out.read_text())
    assert fits[0] == fits[1]
    scenario = scratch / "0" / "uses-it.yaml"
    scenario.write_text("name: uses-it\nmachine: {cpus: 2, memory: 512MiB}\nduration: 1s\nworkloads: [{use: fitted}]\n")
    gbsim(binary, "run", scenario, "--quiet", "--no-plots", "-o", scratch / "run")


def main():
    binary, recording = sys.argv[1:3]
    for case in (what_if_repeats, what_if_refuses_nonsense, fit_repeats):
        with tempfile.TemporaryDirectory() as scratch:
            case(binary, recording, Path(scratch))
        print(f"{case.__name__}: ok")


if __name__ == "__main__":
    main()
