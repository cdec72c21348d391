#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs seeded operation lists through Linux's own allocator code and through `gbsim ops`; the outputs must be equal.

usage: compare.py --ops COMMAND... [--work DIR] [--operations N] [--seeds N] [-j N]
Exit status 0: all equal; 1: some differ; 77: the kernel's source packages are not to be had here.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import debian

HERE = Path(__file__).resolve().parent
KERNELS = ("6.12", "6.1")
PACKAGES = ("linux-source-6.12", "linux-source-6.1", "linux-headers-6.12-amd64", "linux-headers-amd64", "gcc",
            "binutils", "xz-utils")
PROFILES = ("mix", "low", "high", "pollute", "tight")
PAGES = 131072
# Options that both programs understand, by the name printed.
ZONES = {
    "Normal": ["-z", "2:1048576:131072"],
    "DMA32": ["-z", "1:917504:131072"],
    "DMA32+Normal": ["-z", "1:983040:32768", "-z", "2:1048576:98304"],
    "Normal, boost 150000": ["-z", "2:1048576:131072", "-b", "150000"],
}


def sources_present():
    headers = [list(Path("/usr/src").glob(f"linux-headers-{kernel}.*-common")) for kernel in KERNELS]
    return all(Path(f"/usr/src/linux-source-{kernel}.tar.xz").exists() for kernel in KERNELS) and all(headers)


def build_oracles(work):
    """Paths of the oracle of each kernel, built if they are not there yet."""
    binaries = {kernel: work / "out" / kernel / "oracle" for kernel in KERNELS}
    if not all(binary.exists() for binary in binaries.values()) and not sources_present():
        debian.provide(PACKAGES, sources_present)
    for kernel, binary in binaries.items():
        if binary.exists():
            continue
        work.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([str(HERE / "kernel" / "build.sh"), kernel], env=dict(os.environ, ORACLE_WORK=str(work)),
                              capture_output=True, text=True)
        if done.returncode != 0 or not binary.exists():
            raise debian.Unavailable(f"the {kernel} oracle does not build: {debian.last_line(done.stderr or done.stdout)}")
    return binaries


def generate(work, profile, seed, operations):
    path = work / "lists" / f"{profile}-{seed}-{operations}.ops"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([sys.executable, str(HERE / "kernel" / "gen.py"), str(seed), str(operations), str(PAGES),
                               profile], capture_output=True, text=True, check=True)
        path.write_text(done.stdout)
    return path


def first_difference(expected, actual):
    for number, (left, right) in enumerate(zip_longest(expected.splitlines(), actual.splitlines()), 1):
        if left != right:
            return f"line {number}: kernel {str(left)[:160]!r}, gbsim {str(right)[:160]!r}"
    return "outputs differ in their last bytes"


class Case:
    """One list on one kernel and one zone layout."""

    def __init__(self, profile, seed, kernel, zone):
        self.profile, self.seed, self.kernel, self.zone = profile, seed, kernel, zone

    def __str__(self):
        return f"{self.profile} seed {self.seed}, {self.kernel}, {self.zone}"

    def run(self, ops, oracles, work, operations):
        path = generate(work, self.profile, self.seed, operations)
        options = ZONES[self.zone]
        kernel = subprocess.run([str(oracles[self.kernel]), *options, str(path)], capture_output=True, text=True)
        ours = subprocess.run([*ops, str(path), "--kernel", self.kernel, *options], capture_output=True, text=True)
        if kernel.returncode != 0:
            return f"the oracle stopped: {debian.last_line(kernel.stderr)}"
        if ours.returncode != 0:
            return f"gbsim stopped: {debian.last_line(ours.stderr)}"
        return None if kernel.stdout == ours.stdout else first_difference(kernel.stdout, ours.stdout)


def cases(seeds):
    """Every profile on both kernels and all layouts; no two lists of a kernel and layout share a seed."""
    for round_ in range(seeds):
        for p, profile in enumerate(PROFILES):
            for zone in ZONES:
                for kernel in KERNELS:
                    yield Case(profile, 100 + 10 * round_ + p, kernel, zone)


def run_all(arguments):
    work = arguments.work.resolve()
    oracles = build_oracles(work)
    todo = list(cases(arguments.seeds))
    for case in todo:
        generate(work, case.profile, case.seed, arguments.operations)
    different = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        run = lambda case: case.run(arguments.ops, oracles, work, arguments.operations)
        for case, problem in zip(todo, pool.map(run, todo)):
            print(f"{'differs' if problem else 'equal  '} {case}" + (f": {problem}" if problem else ""), flush=True)
            different += problem is not None
    print(f"{len(todo)} comparisons of {arguments.operations} operations, {different} differ")
    return 1 if different else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ops", nargs="+", required=True, help="command that runs a list, such as: gbsim ops")
    parser.add_argument("--work", type=Path, default=Path("oracle-work"), help="where sources are unpacked and built")
    parser.add_argument("--operations", type=int, default=300000)
    parser.add_argument("--seeds", type=int, default=1, help="rounds over all profiles, kernels and layouts")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    try:
        return run_all(parser.parse_args())
    except debian.Unavailable as reason:
        print(f"skipped: oracle: {reason}")
        return debian.SKIP


if __name__ == "__main__":
    sys.exit(main())
