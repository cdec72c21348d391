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


def scores(result):
    before = result["before_first_compaction"]
    fallbacks = [f"{f['same_decision']:,} of {f['total']:,}" for f in (before["fallbacks"], result["fallbacks"])]
    return f"{percent(before)} | {fallbacks[0]} | {percent(result['exact'])} | {fallbacks[1]}"


def lists_row(result):
    lists = result["lists"]
    return f"{lists['equal_as_sets']} / {lists['equal_in_order']} of {lists['compared']}"


def difference(pair):
    return abs(pair[0] - pair[1])


def large_blocks(snapshot):
    counts = [pair for order, pair in snapshot["free_blocks"].items() if int(order) >= 9]
    return [sum(pair[side] for pair in counts) for side in (0, 1)]


def mixed_points(snapshot):
    pageblocks = sum(pair[1] for pair in snapshot["pageblocks"].values())
    return 100 * difference(snapshot["mixed_pageblocks"]) / pageblocks


def allocs_row(result):
    snapshots = result["snapshots"]
    led_back = result["corrections"].get("led_back_to_the_lists", 0)
    large = max((large_blocks(snapshot) for snapshot in snapshots), key=difference)
    return " | ".join([f"{led_back:,}", f"{max(difference(s['fully_free_pageblocks']) for s in snapshots)}",
                       f"{difference(large)} / {large[1]}",
                       f"{max(difference(pair) for s in snapshots for pair in s['pageblocks'].values())}",
                       f"{max(map(mixed_points, snapshots)):.1f}"])


HEADS = {"lists": ["lists equal as sets / in order"],
         "allocs": ["led back", "fully free", "order 9 and above", "of one type", "mixed"]}
ROWS = {"lists": lists_row, "allocs": allocs_row}
head = ["recording", "exact up to the first compaction", "fallbacks as decided", "exact, whole",
        "fallbacks as decided", *HEADS[mode]]
print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
def row(name, trace):
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run([gbsim, "replay", trace, "--mode", mode, "-o", out, "--quiet", *sys.argv[4:]],
                             capture_output=True, text=True)
        if run.returncode != 0:
            return f"| {name} | {run.stderr.strip().split('error: ')[-1]} |"
        result = json.loads((pathlib.Path(out) / "replay.json").read_text())
        return f"| {name} | {scores(result)} | {ROWS[mode](result)} |"


for directory in sorted(recordings.iterdir()):
    for trace in sorted([*directory.glob("events.pgt*"), *directory.glob("trace*.dat*")]):
        name = directory.name if trace.name.startswith("events") else f"{directory.name} ({trace.name})"
        print(row(name, trace), flush=True)
