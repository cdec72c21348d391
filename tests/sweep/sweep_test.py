#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`gbsim sweep` as users call it: sweep_test.py GBSIM [CASE...]."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from harness import debian, main

SWEEP = """base: tiny.yaml
vary:
  vm.watermark_scale_factor: {from: 10, to: 1000, steps: 3, scale: log}
  vm.swappiness: [0, 100]
seeds: 2
metrics: {faults: vmstat.thp_fault_alloc, allocs: operations.page_allocs / vm.watermark_scale_factor}
maximise: [faults]
minimise: [allocs]
"""
FILES = ["index.csv", "aggregate.csv", "pareto.csv", "sweep.sqlite", "plan.csv", "base.yaml", "sweep.yaml"]


def sweep(runner, out, *arguments, text=SWEEP):
    runner.file("s.yaml", text)
    return ["sweep", "s.yaml", "-o", out, "--quiet", "--no-plots", *arguments]


def content(runner, out):
    return {name: (runner.scratch / out / name).read_bytes() for name in FILES}


def same_bytes_whatever_the_order(runner):
    runner.completed(*sweep(runner, "a", "-j", "1"))
    runner.completed(*sweep(runner, "b", "-j", "3"))
    assert content(runner, "a") == content(runner, "b")
    assert runner.text("a/index.csv").count("completed") == 12


def resumes_after_kill(runner):
    runner.completed(*sweep(runner, "whole"))
    process = runner.start(*sweep(runner, "cut", "-j", "1"))
    first = runner.scratch / "cut/points/0002/1/summary.json"
    deadline = time.monotonic() + 60
    while not first.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    finished = first.stat().st_mtime_ns
    assert not (runner.scratch / "cut/index.csv").exists()
    runner.completed(*sweep(runner, "cut", "--resume"))
    assert first.stat().st_mtime_ns == finished, "a finished run was done again"
    assert content(runner, "cut") == content(runner, "whole")


def children_of(process):
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def a_run_stopped_by_hand_is_done_again(runner):
    """SIGTERM to a run is no outcome of it; SIGKILL, which may be the last word of somebody's OOM daemon, is."""
    runner.completed(*sweep(runner, "whole"))
    process = runner.start(*sweep(runner, "cut", "-j", "1"))
    while not (runs := children_of(process)):
        time.sleep(0.001)
    os.kill(runs[0], signal.SIGTERM)
    _, errors = process.communicate()
    assert process.returncode == 1 and "runs stopped by somebody: 1;" in errors, (process.returncode, errors)
    assert runner.text("cut/index.csv").count("completed") < 12, "the run had ended already"
    runner.completed(*sweep(runner, "cut", "--resume"))
    assert content(runner, "cut") == content(runner, "whole")


def a_replaced_program_changes_nothing(runner):
    """Who builds anew while a sweep runs gets the results of the program that was started, all of them."""
    runner.completed(*sweep(runner, "whole"))
    runner.binary = shutil.copy(runner.binary, runner.scratch / "copy")
    process = runner.start(*sweep(runner, "cut", "-j", "1"))
    first = runner.scratch / "cut/points/0001/1/summary.json"
    while process.poll() is None and not first.exists():
        time.sleep(0.005)
    runner.binary.unlink()
    process.communicate()
    assert process.returncode == 0 and content(runner, "cut") == content(runner, "whole")


def refuses_to_resume_another(runner):
    runner.completed(*sweep(runner, "a"))
    for old, new, words in (("[0, 100]", "[0, 50]", "points have changed"), ("[0, 100]", "[0, 101]", "points")):
        code, _, errors = runner.run(*sweep(runner, "a", "--resume", text=SWEEP.replace(old, new)))
        assert code == 2 and words in errors, (code, errors)
    code, _, errors = runner.run(*sweep(runner, "a"))
    assert code == 2 and "--force" in errors, (code, errors)


def failures_are_recorded(runner):
    endless = "set: {duration: 1000h}\n" + SWEEP
    code, _, _ = runner.run(*sweep(runner, "slow", "--timeout", "100ms", text=endless))
    assert code == 1, code
    rows = runner.text("slow/index.csv").splitlines()[1:]
    assert len(rows) == 12 and all(",timeout,no end within 100ms" in row for row in rows), rows
    code, _, _ = runner.run(*sweep(runner, "fat", "--memory-per-run", "4KiB",
                                   text=endless.replace("steps: 3", "steps: 1")))
    assert code == 1 and "out-of-memory" in runner.text("fat/index.csv"), code


def dry_run_changes_nothing(runner):
    output = runner.completed(*sweep(runner, "never", "--dry-run"))
    assert "0006 vm.watermark_scale_factor=1000 vm.swappiness=100" in output, output
    assert "6 points, 12 runs" in output and "MiB" in output, output
    assert not (runner.scratch / "never").exists()


def the_command_line_overrules_what_all_points_have_in_common(runner):
    runner.completed(*sweep(runner, "short", "--duration", "50ms", "--seed", "7", "--set", "sample=50ms"))
    base = runner.text("short/base.yaml")
    assert "duration: 50ms" in base and "seed: 7" in base, base
    assert all(",7," in row or ",8," in row for row in runner.text("short/index.csv").splitlines()[1:])


def gnu_parallel_drives_the_points(runner):
    debian.provide(["parallel"], lambda: debian.have_programs("parallel"))
    runner.completed(*sweep(runner, "whole"))
    runner.completed(*sweep(runner, "p", "--engine", "commands"))
    lines = runner.text("p/commands.txt")
    assert lines.count("\n") == 12 and lines.count(" point ") == 12, lines
    subprocess.run(["parallel", "-j2", "--joblog", "jobs"], input=lines, text=True, check=True, env=runner.env,
                   cwd=runner.scratch, capture_output=True)
    assert runner.text("jobs").count("\n") == 13
    finished = (runner.scratch / "p/points/0001/1/summary.json").stat().st_mtime_ns
    subprocess.run(["xargs", "-d", "\n", "-P2", "-I{}", "sh", "-c", "{}"], input=lines, text=True, check=True,
                   env=runner.env, cwd=runner.scratch, capture_output=True)
    assert (runner.scratch / "p/points/0001/1/summary.json").stat().st_mtime_ns == finished, "done again"
    runner.completed(*sweep(runner, "p", "--resume"))
    assert content(runner, "p") == content(runner, "whole")


def a_point_records_its_own_failure(runner):
    point = ["point", "tiny.yaml", "-o", "x/1", "--seed", "1", "--set", "duration=1000h"]
    code, _, errors = runner.run(*point, "--timeout", "100ms")
    assert code == 1 and "timeout: no end within 100ms" in errors, (code, errors)
    assert json.loads(runner.text("x/1/failure.json")) == {"outcome": "timeout", "reason": "no end within 100ms"}
    code, _, errors = runner.run(*point)
    assert code == 1 and "timeout" in errors, "a recorded failure was tried again"
    process = runner.start("point", "tiny.yaml", "-o", "x/2", "--set", "duration=1000h")
    log = runner.scratch / "x/2/run.log"
    while not log.exists():
        time.sleep(0.005)
    process.terminate()
    process.communicate()
    assert process.returncode == 143 and not (runner.scratch / "x/2/failure.json").exists()


def bad_sweep_names_every_error(runner):
    bad = SWEEP.replace("vm.swappiness", "vm.swapiness").replace("thp_fault_alloc,", "thp_fault_alloc +,")
    code, _, errors = runner.run(*sweep(runner, "never", text=bad))
    assert code == 2 and errors.count("s.yaml:") == 2 and "vm.swappiness" in errors, errors
    code, _, checked = runner.run("check", "s.yaml")
    assert code == 2 and checked == errors, checked


CASES = [same_bytes_whatever_the_order, resumes_after_kill, a_run_stopped_by_hand_is_done_again, a_replaced_program_changes_nothing,
         refuses_to_resume_another, failures_are_recorded,
         dry_run_changes_nothing, the_command_line_overrules_what_all_points_have_in_common,
         gnu_parallel_drives_the_points, a_point_records_its_own_failure,
         bad_sweep_names_every_error]

if __name__ == "__main__":
    main(CASES)
