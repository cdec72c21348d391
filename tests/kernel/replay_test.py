#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""replay_test.py GBSIM DIR MODE BOUNDS: replays the recording in DIR and holds it to BOUNDS. 77 if it is not there.

MODE is one of the command's, or calls: allocs with --calls-only.
"""
import pathlib
import subprocess
import sys
import tempfile

gbsim, recording, mode, bounds = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
traces = sorted(recording.glob("events.pgt*")) or sorted(recording.glob("trace*.dat"))
if not traces:
    print(f"skipped: no recording in {recording}")
    sys.exit(77)
options = ["--mode", "allocs", "--calls-only"] if mode == "calls" else ["--mode", mode]
with tempfile.TemporaryDirectory() as out:
    sys.exit(subprocess.run([gbsim, "replay", traces[0], *options, "--expect", bounds, "-o", out]).returncode)
