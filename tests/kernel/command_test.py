#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""command_test.py GBSIM DATA CASE: gbsim replay as a user calls it, rightly and wrongly."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

GBSIM, DATA, CASE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
RECORDING = DATA / "recordings" / "H3-6.12"
TRACE = RECORDING / "events.pgt.xz"


def replay(directory, *words, trace=TRACE):
    command = [GBSIM, "replay", trace, "--mode", "lists", "-o", directory / "out", "--force", "--until", "8s", *words]
    return subprocess.run(command, capture_output=True, text=True)


def expect(condition, run):
    if not condition:
        sys.exit(f"exit status {run.returncode}\n{run.stdout}\n{run.stderr}")


def no_trace(directory):
    nothing = directory / "nothing.pgt"
    for run in (replay(directory, trace=nothing),
                subprocess.run([GBSIM, "bench", "replay", "--trace", nothing], capture_output=True, text=True)):
        expect(run.returncode == 2 and "no such file" in run.stderr, run)


def no_snapshot(directory):
    shutil.copy(TRACE, directory)
    run = replay(directory, trace=directory / TRACE.name)
    expect(run.returncode == 2 and "--snapshot" in run.stderr, run)
    run = replay(directory, "--snapshot", RECORDING / "snaps.tar.xz", trace=directory / TRACE.name)
    expect(run.returncode == 0 and "exact (100.0000 %)" in run.stdout, run)


def no_list_events(directory):
    run = replay(directory, "--snapshot", RECORDING / "snaps.tar.xz", trace=DATA / "small-v7.dat")
    expect(run.returncode == 2 and "mm_page_alloc_zone_locked" in run.stderr, run)


def broken_bound(directory):
    bounds = directory / "bounds.yaml"
    bounds.write_text("expect:\n  - {metric: exact.total, max: 1}\n  - {metric: exact.share, min: 1}\n")
    bounds.write_text(bounds.read_text() + "  - {metric: skipped.lost_events, max: 0}\n")
    run = replay(directory, "--expect", bounds)
    expect("skipped.lost_events, H3-6.12: 0, at most 0: holds" in run.stdout, run)
    expect(run.returncode == 3 and "exact.total" in run.stdout and "BROKEN" in run.stdout, run)
    expect("exact.share, H3-6.12: 1, at least 1: holds" in run.stdout, run)


def bad_bounds(directory):
    bounds = directory / "bounds.yaml"
    bounds.write_text("expect:\n  - {metric: exact.shear, min: 1}\n  - {metric: exact.share}\n")
    run = replay(directory, "--expect", bounds)
    expect(run.returncode == 2 and "bounds.yaml:2:14: error" in run.stderr and "exact.share" in run.stderr, run)
    expect("bounds.yaml:3:5: error" in run.stderr, run)


def same_bytes(directory):
    texts = []
    for _ in range(2):
        replay(directory)
        texts.append((directory / "out" / "replay.json").read_bytes())
    expect(texts[0] == texts[1] and json.loads(texts[0])["exact"]["total"] > 1000, replay(directory))


def no_aux(directory):
    run = replay(directory, "--no-aux")
    result = json.loads((directory / "out" / "replay.json").read_text())
    expect(run.returncode == 0 and result["exact"]["share"] > 0.99, run)
    replay(directory)
    expect(json.loads((directory / "out" / "replay.json").read_text())["events"] > result["events"], run)


def keeps_results(directory):
    run = replay(directory)
    earlier = (directory / "out" / "replay.json").read_bytes()
    noise = directory / "noise"
    noise.write_bytes(bytes(range(100)))
    run = replay(directory, trace=noise)
    expect(run.returncode == 2 and (directory / "out" / "replay.json").read_bytes() == earlier, run)


def full_output(directory):
    with open("/dev/full", "w") as full:
        run = subprocess.run([GBSIM, "replay", TRACE, "-o", directory / "out", "--until", "8s", "--quiet"], stdout=full,
                             stderr=subprocess.PIPE, text=True)
    expect(run.returncode == 1 and "could not be written" in run.stderr, run)


def told_losses(directory):
    trace = directory / "trace.txt"
    event = "<...>-1 [000] ..... {}.0: mm_page_alloc: page=0x1 pfn=0x{:x} order=0 migratetype=0 gfp_flags=GFP_KERNEL\r\n"
    trace.write_bytes((event.format(1, 1) + "CPU:0 [LOST 17 EVENTS]\r\n" + event.format(2, 2)).encode())
    words = ["--placement", "linux", "--memory", "128MiB", "-o", directory / "out", "--no-plots"]
    run = subprocess.run([GBSIM, "replay", trace, *words], capture_output=True, text=True)
    expect(run.returncode == 0 and "left out: lost_events 17" in run.stdout, run)
    result = json.loads((directory / "out" / "replay.json").read_text())
    expect(result["skipped"] == {"lost_events": 17} and result["demand"]["never_asked"] == 0, run)


with tempfile.TemporaryDirectory() as path:
    globals()[CASE](pathlib.Path(path))
