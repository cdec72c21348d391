#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`gbsim validate` as users call it: validate_test.py GBSIM [CASE...]."""

import json

from harness import main

FIGURE = """name: {name}
title: pages are allocated
source: nobody
scenario: tiny.yaml
placements: [linux]
expect:
  - {{metric: operations.page_allocs, label: page allocations, published: 1.., {bound}}}
"""


def figure(runner, name, bound="min: 1"):
    return runner.file(f"{name}.yaml", FIGURE.format(name=name, bound=bound))


def validate_sets_runs_beside_what_was_published(runner):
    command = ["validate", figure(runner, "good"), "--quiet", "--seeds", "2"]
    printed = runner.completed(*command, "-o", "a")
    assert "at least 1" in printed and "within" in printed and "holds" in printed, printed
    again = runner.completed(*command, "-o", "b", "-j", "1", "--no-plots")
    assert printed.replace("results: a", "results: b") == again
    assert runner.text("a/validate.json") == runner.text("b/validate.json")
    row = json.loads(runner.text("a/validate.json"))["rows"][0]
    assert row["holds"] and row["simulated"]["runs"] == 2 and row["ratio"] == 1, row
    compared = json.loads(runner.text("a/good/compare.json"))
    assert compared["bounds"][0]["found"] == row["found"]
    assert (runner.scratch / "a/good/linux-2/summary.json").exists()
    assert (runner.scratch / "a/good/plots/compare_metrics.png").exists()


def validate_tells_what_misses(runner):
    files = [figure(runner, "good"), figure(runner, "bad", "max: 1")]
    code, printed, errors = runner.run("validate", *files, "--quiet", "--no-plots", "-o", "a")
    assert code == 3 and errors == "", (code, errors)
    assert [line.split()[-1] for line in printed.splitlines()[1:3]] == ["holds", "misses"], printed
    assert [row["holds"] for row in json.loads(runner.text("a/validate.json"))["rows"]] == [True, False]


def validate_replaces_an_earlier_one_if_told_to(runner):
    command = ["validate", figure(runner, "good"), "--quiet", "--no-plots", "-o", "a"]
    runner.completed(*command)
    code, _, errors = runner.run(*command)
    assert code == 2 and "--force" in errors, (code, errors)
    code, _, errors = runner.run(*command, "--force", "--timeout", "1ms")
    assert code == 1 and "run failed" in errors, (code, errors)
    row = json.loads(runner.text("a/validate.json"))["rows"][0]
    assert row["simulated"] == {"runs": 0} and row["ratio"] is None and not row["holds"], row


def validate_lists_what_there_is(runner):
    printed = runner.completed("validate", "--list")
    rows = {line.split()[0]: line for line in printed.splitlines()}
    assert "calibration-f7.yaml" in rows["f7"] and "always" in rows["f7"], printed
    assert "if named" in rows["rfc-256g"], printed
    assert runner.completed("validate", "--list", "f7", "--seeds", "4").splitlines()[1].split()[1] == "4"
    assert not (runner.scratch / "results").exists()


def validate_refuses_bad_input(runner):
    good = figure(runner, "good")
    runner.file("typo.yaml", FIGURE.format(name="typo", bound="min: 1").replace("title", "titel"))
    runner.file("lost.yaml", FIGURE.format(name="lost", bound="min: 1").replace("tiny.yaml", "no.yaml"))
    for arguments, words in ((["f77"], "unknown figure 'f77'; did you mean 'f7'?"), ([good, good], "asked for twice"),
                             (["typo.yaml"], "typo.yaml:2:1: error: unknown key 'titel'"),
                             (["lost.yaml"], "no.yaml"), ([good, "--seeds", "0"], "1 to 10000"),
                             ([good, "--sed", "2"], "--seeds")):
        code, _, errors = runner.run("validate", *arguments, "-o", "never")
        assert code == 2 and words in errors, (arguments, code, errors)
        assert not (runner.scratch / "never").exists()


if __name__ == "__main__":
    main([validate_sets_runs_beside_what_was_published, validate_tells_what_misses,
          validate_replaces_an_earlier_one_if_told_to, validate_lists_what_there_is, validate_refuses_bad_input])
