# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the real program on a scenario of a second; shared by the tests of compare and sweep."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import debian

TINY = """name: tiny
machine: {nodes: 1, cpus: 2, memory: 256MiB}
duration: 2s
sample: 1s
workloads:
  - {use: anon-thp, scale: 0.001}
"""


class Runner:
    def __init__(self, binary, scratch, env=os.environ):
        self.binary, self.scratch = binary, Path(scratch)
        self.env = dict(env, GBSIM_DATA=str(ROOT))
        (self.scratch / "tiny.yaml").write_text(TINY)

    def file(self, name, text):
        (self.scratch / name).write_text(text)
        return name

    def start(self, *arguments):
        return subprocess.Popen([self.binary, *arguments], env=self.env, cwd=self.scratch, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run(self, *arguments):
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=250)
        return process.returncode, output, errors

    def completed(self, *arguments):
        code, output, errors = self.run(*arguments)
        assert code == 0, f"exit {code}: {output}{errors}"
        return output

    def text(self, name):
        return (self.scratch / name).read_text()


def main(cases):
    binary, wanted = sys.argv[1], sys.argv[2:]
    for case in cases:
        if wanted and case.__name__ not in wanted:
            continue
        try:
            with tempfile.TemporaryDirectory() as scratch:
                case(Runner(binary, scratch))
        except debian.Unavailable as reason:
            print(f"skipped {case.__name__}: {reason}")
            sys.exit(debian.SKIP)
        print(f"ok {case.__name__}")
