#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`gbsim sweep --engine slurm` on a real Slurm of one node: slurm_test.py GBSIM [CASE...]."""

import csv
import json
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("support", "sweep")]
import debian
from cluster import PACKAGES, PROGRAMS, Cluster, require_host
from harness import Runner

FILES = ["index.csv", "aggregate.csv", "pareto.csv", "sweep.sqlite", "plan.csv", "base.yaml", "sweep.yaml"]
SWEEP = """base: tiny.yaml
set: {duration: %s, sample: 1m}
vary:
  vm.watermark_scale_factor: [%s]
  machine.memory: [%s]
seeds: 2
metrics: {faults: vmstat.thp_fault_alloc}
maximise: [faults]
"""


def sweep(runner, out, *arguments, duration="2m", factors="10, 100, 1000", memory="256MiB, 1GiB"):
    runner.file("s.yaml", SWEEP % (duration, factors, memory))
    return ["sweep", "s.yaml", "-o", out, "--no-plots", *arguments]


def on_slurm(runner, out, *arguments, **keys):
    return sweep(runner, out, "--engine", "slurm", *arguments, **keys)


def content(runner, out):
    return {name: (runner.scratch / out / name).read_bytes() for name in FILES}


def outcomes(runner, out):
    rows = list(csv.reader(runner.text(f"{out}/index.csv").splitlines()))[1:]
    return {(row[0], row[1]): (row[-2], row[-1]) for row in rows}


def array_gives_the_results_of_one_machine(runner, cluster):
    runner.completed(*sweep(runner, "here"))
    code, _, errors = runner.run(*on_slurm(runner, "there", "--runs-per-task", "5"))
    assert code == 0 and "12 runs in 3 tasks" in errors, (code, errors)
    assert content(runner, "there") == content(runner, "here")
    assert not (runner.scratch / "there/slurm/array.json").exists()


def survives_the_end_of_the_program(runner, cluster):
    runner.completed(*sweep(runner, "here", duration="8m"))
    process = runner.start(*on_slurm(runner, "cut", "-j", "1", duration="8m"))
    first = runner.scratch / "cut/points/0001/1/summary.json"
    cluster.await_that(first.exists, "first result")
    process.kill()
    process.communicate()
    job = json.loads(runner.text("cut/slurm/array.json"))["job"]
    finished = first.stat().st_mtime_ns
    code, _, errors = runner.run(*sweep(runner, "cut", "--resume", duration="8m"))
    assert code == 2 and f"Slurm job {job} works there" in errors, (code, errors)
    code, _, errors = runner.run(*on_slurm(runner, "cut", "--resume", duration="8m"))
    assert code == 0 and f"Slurm job {job}: taken over" in errors, (code, errors)
    assert first.stat().st_mtime_ns == finished, "a finished run was done again"
    assert content(runner, "cut") == content(runner, "here")
    assert cluster.words("squeue", "-h", "-t", "all", "-r", "-o", "%F") == [job] * 3, "another job was submitted"


def ends_of_tasks_are_recorded(runner, cluster):
    """Slurm ends tasks at runs that hold too much, the first and the third; the runs after those go on in another job."""
    arguments = on_slurm(runner, "fat", "--sbatch", "--mem=100M", duration="1h", factors="10", memory="1TiB, 256MiB")
    code, _, errors = runner.run(*arguments)
    assert code == 0, (code, errors)
    assert re.findall(r"job (\d): (\d) runs in 1 tasks", errors) == [("1", "4"), ("2", "3"), ("3", "1")], errors
    ends = outcomes(runner, "fat")
    assert [ends["0002", seed] for seed in "12"] == [("completed", "")] * 2, ends
    for seed in "12":
        outcome, reason = ends["0001", seed]
        assert outcome == "out-of-memory" and "memory limit" in reason, ends


def limits_of_a_run_are_kept(runner, cluster):
    code, _, errors = runner.run(*on_slurm(runner, "slow", "--timeout", "300ms", duration="1000h"))
    assert code == 1, (code, errors)
    assert set(outcomes(runner, "slow").values()) == {("timeout", "no end within 300ms")}, outcomes(runner, "slow")


def cancelled_job_goes_on_later(runner, cluster):
    process = runner.start(*on_slurm(runner, "off", "-j", "1", duration="8m"))
    cluster.await_that((runner.scratch / "off/points/0001/1/summary.json").exists, "first result")
    cluster.words("scancel", json.loads(runner.text("off/slurm/array.json"))["job"])
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and "withdrawn (CANCELLED)" in errors, errors
    runner.completed(*on_slurm(runner, "off", "--resume", duration="8m"))
    assert {outcome for outcome, _ in outcomes(runner, "off").values()} == {"completed"}, outcomes(runner, "off")


def refused_jobs_say_why(runner, cluster):
    code, _, errors = runner.run(*on_slurm(runner, "never", "--sbatch", "--partition=none"))
    assert code == 1 and "invalid partition specified: none" in errors, (code, errors)
    runner.completed(*on_slurm(runner, "never", "--resume"))


def time_limit_of_a_job(runner, cluster):
    """Slurm's own time limits are minutes, and it takes its time to enforce them."""
    began = time.monotonic()
    code, _, errors = runner.run(*on_slurm(runner, "late", "--sbatch", "--time=1", factors="10",
                                           memory="256MiB", duration="8000h"))
    print(f"{time.monotonic() - began:.0f} s")
    assert code == 1 and errors.count("runs in") == 2, (code, errors)
    assert {outcome for outcome, _ in outcomes(runner, "late").values()} == {"timeout"}, outcomes(runner, "late")


CASES = [array_gives_the_results_of_one_machine, survives_the_end_of_the_program, ends_of_tasks_are_recorded,
         limits_of_a_run_are_kept, cancelled_job_goes_on_later, refused_jobs_say_why, time_limit_of_a_job]


def main():
    binary, wanted = sys.argv[1], sys.argv[2:]
    try:
        debian.provide(PACKAGES, lambda: debian.have_programs(*PROGRAMS))
        debian.require_root("starts the daemons of a cluster")
        require_host()
    except debian.Unavailable as reason:
        print(f"skipped {' '.join(wanted)}: {reason}")
        return debian.SKIP
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch, Cluster(Path(scratch) / "cluster") as cluster:
            case(Runner(binary, scratch, cluster.env), cluster)
        print(f"ok {case.__name__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
