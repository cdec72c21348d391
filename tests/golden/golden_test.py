#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole runs of the real program, each in a process of its own: golden_test.py GBSIM [CASE...]."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TINY = HERE / "tiny.yaml"
FILES = ["scenario.yaml", "timeseries.csv", "vmstat.csv", "buddyinfo.txt", "pagetypeinfo.txt", "gigablocks.csv",
         "latency.csv", "events.csv", "pageblocks.bin"]


class Runner:
    def __init__(self, binary, scratch):
        self.binary, self.scratch = binary, Path(scratch)
        self.env = dict(os.environ, GBSIM_DATA=str(HERE.parents[1]))

    def start(self, out, *arguments, scenario=TINY):
        command = [self.binary, "run", str(scenario), "-o", str(self.scratch / out), "--no-plots", "--quiet", *arguments]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, out, *arguments, scenario=TINY):
        process = self.start(out, *arguments, scenario=scenario)
        output, errors = process.communicate(timeout=300)
        return process.returncode, output, errors

    def completed(self, out, *arguments, scenario=TINY):
        code, _, errors = self.run(out, *arguments, scenario=scenario)
        assert code == 0, f"exit {code}: {errors}"
        return self.scratch / out


def content(directory):
    """All bytes of a result that must repeat, by file name."""
    files = {name: (directory / name).read_bytes() for name in FILES}
    summary = json.loads((directory / "summary.json").read_text())
    summary.pop("host")
    files["summary.json"] = json.dumps(summary).encode()
    return files


def differing(a, b):
    return [name for name in a if a[name] != b[name]]


def same_seed_same_bytes(runner):
    first, second = content(runner.completed("a")), content(runner.completed("b"))
    assert not differing(first, second), differing(first, second)


def two_seeds_differ(runner):
    first, second = content(runner.completed("s1", "--seed", "1")), content(runner.completed("s2", "--seed", "2"))
    assert first["timeseries.csv"] != second["timeseries.csv"]


def resolved_scenario_runs_again(runner):
    first = runner.completed("orig", "--set", "vm.swappiness=33")
    again = runner.completed("again", scenario=first / "scenario.yaml")
    assert not differing(content(first), content(again)), differing(content(first), content(again))


def invariants_hold(runner):
    runner.completed("inv", "--check-invariants=200000", "--duration", "10s")


def occupied_directory_is_refused(runner):
    runner.completed("occ", "--duration", "5s")
    code, _, errors = runner.run("occ", "--duration", "5s")
    assert code == 2 and "--force" in errors, (code, errors)
    runner.completed("occ", "--duration", "5s", "--force")


def interrupt_keeps_samples(runner):
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        out = f"int{code}"
        process = runner.start(out, "--duration", "100h")
        wait_for_samples(runner.scratch / out, 3)
        process.send_signal(number)
        process.communicate(timeout=60)
        assert process.returncode == code, process.returncode
        summary = json.loads((runner.scratch / out / "summary.json").read_text())
        assert summary["outcome"] == "interrupted", summary["outcome"]


def kill_leaves_whole_samples(runner):
    process = runner.start("killed", "--duration", "100h")
    wait_for_samples(runner.scratch / "killed", 3)
    process.kill()
    process.communicate()
    lines = (runner.scratch / "killed" / "timeseries.csv").read_text().splitlines()
    columns = lines[0].count(",")
    assert all(line.count(",") == columns for line in lines[:4]), lines[:4]


def kill_in_the_warm_up_leaves_headers(runner):
    out = runner.scratch / "young"
    process = runner.start("young", "--set", "warmup=100h")
    wait_for_samples(out, 0)
    process.kill()
    process.communicate()
    for name in ("timeseries.csv", "vmstat.csv", "gigablocks.csv", "events.csv"):
        header, *rows = (out / name).read_text().split("\n")
        assert header.startswith("time_s,") and rows == [""], (name, header, rows)
    for words, said in ((["plot", out], "no timeseries.csv with two samples or more"),
                        (["compare", out, out], "no results of a completed run"), (["report", out], "report.html")):
        done = subprocess.run([runner.binary, *words], env=runner.env, capture_output=True, text=True, timeout=60)
        assert said in done.stdout + done.stderr, (words, done)


def wait_for_samples(directory, count):
    deadline = time.monotonic() + 120
    path = directory / "timeseries.csv"
    while time.monotonic() < deadline:
        if path.exists() and len(path.read_text().splitlines()) > count:
            return
        time.sleep(0.05)
    raise AssertionError(f"no samples in {path}")


def bad_scenario_exits_2(runner):
    bad = runner.scratch / "bad.yaml"
    bad.write_text("name: x\nmachine: {cpus: -1, memory: lots}\nduratoin: 5s\n")
    code, output, errors = runner.run("bad", scenario=bad)
    assert code == 2, code
    assert errors.count(": error: ") >= 3 and f"{bad}:3:1" in errors, errors
    assert not (runner.scratch / "bad").exists()


def pipes_are_checked(runner):
    sweep = f"base: {TINY}\nvary: {{vm.swappiness: [1, 60]}}\nmetrics: {{thp: thp.success_rate}}\n"
    for text in (TINY.read_text(), sweep):
        done = subprocess.run([runner.binary, "check", "/dev/stdin"], env=runner.env, input=text, capture_output=True,
                              text=True, timeout=60)
        assert done.returncode == 0 and done.stdout == "/dev/stdin: ok\n", done


def misuse_exits_2(runner):
    for words in (["rnu"], ["run"], ["run", str(TINY), "--sed", "3"], ["bench", "nothing"], ["bench", "--memory", "1MB"],
                  ["ops", "--kernel", "2.4"], ["compare", str(TINY)], ["check", ""], ["run", ""], ["report", ""], ["plot", ""]):
        done = subprocess.run([runner.binary, *words], env=runner.env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and "error: " in done.stderr and not done.stdout, (words, done)


def unstamped(line):
    """The event's name and time of a line of trace-cmd report; what everybody's regular expression for it takes."""
    match = re.match(r" *(\S+)-(\d+) +\[(\d{3})\] +(\d+\.\d{6}): (\w+): +(.*)$", line)
    assert match, line
    return float(match[4]), match[5]


def check_ftrace(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "cpus=2"
    events = [unstamped(line) for line in lines[1:] if not line.startswith("CPU:")]
    assert [time for time, _ in events] == sorted(time for time, _ in events)
    return {name for _, name in events}


def check_perfetto(path):
    """Every slice ends and nests, and the times of each track and counter never fall."""
    opened, last = {}, {}
    for event in json.loads(path.read_text()):
        if event["ph"] == "M":
            continue
        track = (event["pid"], event.get("tid"), event["name"] if event["ph"] == "C" else None)
        assert event["ts"] >= last.get(track, 0), event
        last[track] = event["ts"]
        opened[track] = opened.get(track, 0) + {"B": 1, "E": -1}.get(event["ph"], 0)
        assert opened[track] >= 0, event
    assert not any(opened.values()), opened
    return last


def traces_are_well_formed(runner):
    plain = runner.completed("plain", "--placement", "gigablock-bitmap")
    traced = [runner.completed(name, "--placement", "gigablock-bitmap", "--trace", "ftrace", "--trace", "perfetto")
              for name in ("t1", "t2")]
    assert not differing(content(plain), content(traced[0]))
    for name in ("trace.txt", "trace.json"):
        assert (traced[0] / name).read_bytes() == (traced[1] / name).read_bytes(), name
    assert {"gigantic_alloc_begin", "gigantic_alloc_end"} <= check_ftrace(traced[0] / "trace.txt")
    tracks = check_perfetto(traced[0] / "trace.json")
    assert any(pid == 2 for pid, _, _ in tracks) and (3, None, "gigablocks") in tracks, tracks


def traces_keep_their_limit(runner):
    traced = runner.completed("small", "--trace", "ftrace", "--trace", "perfetto", "--trace-limit", "20KiB")
    check_perfetto(traced / "trace.json")
    check_ftrace(traced / "trace.txt")
    assert (traced / "trace.txt").stat().st_size <= 21 * 1024


def traces_have_the_events_that_were_chosen(runner):
    traced = runner.completed("some", "--placement", "gigablock-bitmap", "--trace", "ftrace", "--trace-events",
                              "kmem:spb_*,mm_page_alloc", "--trace-events", "mm_page_free", "--trace-limit", "1GiB")
    names = check_ftrace(traced / "trace.txt")
    assert {"spb_alloc_walk", "spb_pb_taint", "mm_page_alloc", "mm_page_free"} <= names, names
    assert all(name.startswith("spb_") or name in ("mm_page_alloc", "mm_page_free") for name in names), names
    calls = json.loads((traced / "summary.json").read_text())["operations"]
    told = (traced / "trace.txt").read_text().count(" mm_page_alloc: ")
    at_the_start = 10  # work of the very instant at which counters begin
    assert 0 <= told - calls["allocs"] - calls["failures"] <= at_the_start, (told, calls)
    code, _, errors = runner.run("none", "--trace", "ftrace", "--trace-events", "kmem:spb_nothing")
    assert code == 2 and "spb_alloc_walk" in errors, (code, errors)


def every_command_has_help(runner):
    def told(*words):
        return subprocess.run([runner.binary, *words], capture_output=True, text=True, timeout=60)

    listed = told("--help").stdout.split("commands:\n")[1].split("\n\n")[0]
    commands = [line.split()[0] for line in listed.splitlines()]
    assert len(commands) > 10, commands
    for command in commands:
        for done in (told(command, "--help"), told("help", command)):
            assert done.returncode == 0 and done.stdout.startswith(f"usage: gbsim {command}"), (command, done)


CASES = [traces_are_well_formed, traces_keep_their_limit, traces_have_the_events_that_were_chosen,
         same_seed_same_bytes, two_seeds_differ, resolved_scenario_runs_again, invariants_hold,
         occupied_directory_is_refused, interrupt_keeps_samples, kill_leaves_whole_samples,
         kill_in_the_warm_up_leaves_headers, bad_scenario_exits_2,
         pipes_are_checked, misuse_exits_2, every_command_has_help]


def main():
    binary, wanted = sys.argv[1], sys.argv[2:]
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            case(Runner(binary, scratch))
        print(f"ok {case.__name__}")


if __name__ == "__main__":
    main()
