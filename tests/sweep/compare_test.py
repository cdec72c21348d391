#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`gbsim compare` as users call it: compare_test.py GBSIM [CASE...]."""

import json

from harness import main

COMMON = ["compare", "tiny.yaml", "--placement", "linux", "--quiet"]


def compare_repeats_itself(runner):
    first = runner.completed(*COMMON, "--seeds", "3", "-o", "a")
    second = runner.completed(*COMMON, "--seeds", "3", "-o", "b", "-j", "1", "--no-plots")
    assert first.replace("results: a", "results: b") == second
    for name in ("compare.csv", "compare.json"):
        assert runner.text(f"a/{name}") == runner.text(f"b/{name}"), name
    for seed in (1, 2, 3):
        assert json.loads(runner.text(f"a/linux-{seed}/summary.json"))["seed"] == seed
    assert (runner.scratch / "a/plots/memory.png").exists()
    assert (runner.scratch / "a/plots/compare_metrics.png").exists()


def compare_judges_bounds(runner):
    runner.file("good.yaml", "expect:\n  - {metric: operations.page_allocs, min: 1}\n")
    runner.file("bad.yaml", "expect:\n  - {metric: operations.page_allocs, max: 1}\n")
    runner.completed(*COMMON, "--no-plots", "-o", "a", "--expect", "good.yaml")
    code, output, _ = runner.run(*COMMON, "--no-plots", "-o", "b", "--expect", "bad.yaml")
    assert code == 3 and "BROKEN" in output, (code, output)
    assert json.loads(runner.text("b/compare.json"))["bounds"][0]["holds"] is False


def compare_takes_results(runner):
    runner.completed(*COMMON, "--seeds", "2", "-o", "a", "--no-plots")
    both = ["a/linux-1", "a/linux-2"]
    printed = runner.completed("compare", *both)
    assert "extfrag events" in printed and "results:" not in printed, printed
    runner.completed("compare", *both, "-o", "b", "--no-plots")
    assert runner.text("b/compare.csv") == runner.text("a/compare.csv")
    runner.completed("compare", "a/linux-1", "a/linux-1", "-o", "same")
    assert (runner.scratch / "same/plots/compare_metrics.png").exists()
    for arguments, words in ((["a/linux-1", "a"], "no results"), ([*both, "--placement", "linux"], "as they are")):
        code, _, errors = runner.run("compare", *arguments, "-o", "never")
        assert code == 2 and words in errors, (arguments, code, errors)
    assert not (runner.scratch / "never").exists()


def compare_warns_of_results_that_are_of_different_things(runner):
    runner.completed(*COMMON, "--seeds", "2", "-o", "a", "--no-plots")
    runner.completed(*COMMON, "--set", "machine.memory=512MiB", "-o", "b", "--no-plots")
    alike, unlike = ["a/linux-1", "a/linux-2"], ["a/linux-1", "b/linux-1"]
    code, _, errors = runner.run("compare", *alike, "-o", "alike", "--no-plots")
    assert code == 0 and "warning" not in errors, errors
    assert json.loads(runner.text("alike/compare.json"))["warnings"] == []
    code, _, errors = runner.run("compare", *unlike, "-o", "unlike", "--no-plots")
    told = "machine.memory (256MiB in a/linux-1; 512MiB in b/linux-1)"
    assert code == 0 and errors.startswith("gbsim: warning: ") and told in errors and errors.count("\n") == 1, errors
    warnings = json.loads(runner.text("unlike/compare.json"))["warnings"]
    assert len(warnings) == 1 and told in warnings[0], warnings


def compare_refuses_bad_input(runner):
    runner.file("typo.yaml", "expect:\n  - {metric: operations.page_alocs, max: 1}\n")
    for arguments, words in ((["--expect", "typo.yaml"], "typo.yaml:2:14: error: "),
                             (["--placement", "linux,linux"], "appears twice"), (["--placement", ""], "wants A,B"),
                             (["--seeds", "99999999999"], "1 to 10000"),
                             (["--placement", "linus"], "linux"), (["--metric", "1 +"], "no formula"),
                             (["--seeds", "0"], "1 to 10000"), (["--set", "vm.swapiness=1"], "vm.swappiness")):
        command = [*COMMON, "-o", "never", *arguments]
        if "--placement" in arguments:
            command = ["compare", "tiny.yaml", "-o", "never", *arguments]
        code, _, errors = runner.run(*command)
        assert code == 2 and words in errors, (arguments, code, errors)
        assert not (runner.scratch / "never").exists()


def compare_fails_without_its_pictures(runner):
    gnuplot = runner.scratch / "bin/gnuplot"
    gnuplot.parent.mkdir()
    gnuplot.write_text("#!/bin/sh\nexit 1\n")
    gnuplot.chmod(0o755)
    runner.env["PATH"] = f"{gnuplot.parent}:{runner.env['PATH']}"
    code, output, errors = runner.run(*COMMON, "-o", "a")
    assert code == 1 and "compare_metrics.png" in errors and "results: a" in output, (code, output, errors)
    assert (runner.scratch / "a/compare.csv").exists()


if __name__ == "__main__":
    main([compare_repeats_itself, compare_judges_bounds, compare_takes_results,
          compare_warns_of_results_that_are_of_different_things, compare_refuses_bad_input,
          compare_fails_without_its_pictures])
