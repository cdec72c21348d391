#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py GBSIM RECORDINGS MODE [OPTION...]: one row of the table in README.md for each recording."""
import json
import pathlib
import subprocess
import sys
import tempfile

gbsim, recordings, mode = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def percent(score):
    return f"{score['predicted']:,} of {score['total']:,} ({100 * score['share']:.4f} %)"


def row(name, result):
    before = result["before_first_compaction"]
    fallbacks = [f"{f['same_decision']:,} of {f['total']:,}" for f in (before["fallbacks"], result["fallbacks"])]
    lists = result["lists"]
    equal = f"{lists['equal_as_sets']} / {lists['equal_in_order']} of {lists['compared']}"
    return f"| {name} | {percent(before)} | {fallbacks[0]} | {percent(result['exact'])} | {fallbacks[1]} | {equal} |"


print("| recording | exact up to the first compaction | fallbacks as decided | exact, whole | fallbacks as decided | "
      "lists equal as sets / in order |\n|---|---|---|---|---|---|")
for directory in sorted(recordings.iterdir()):
    for trace in sorted(directory.glob("events.pgt*")):
        with tempfile.TemporaryDirectory() as out:
            run = subprocess.run([gbsim, "replay", trace, "--mode", mode, "-o", out, *sys.argv[4:]],
                                 capture_output=True, text=True)
            if run.returncode == 0:
                print(row(directory.name, json.loads((pathlib.Path(out) / "replay.json").read_text())), flush=True)
            else:
                print(f"| {directory.name} | {run.stderr.strip()} |")
