#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""End to end: gbsim record with a trace-cmd of our own, which writes a kept recording. record_test.py GBSIM TRACE"""
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FAKE = """#!/bin/sh
echo 1 >{tracing}/events/kmem/mm_page_alloc/enable
echo 1 >{tracing}/tracing_on
while [ "$1" != -o ]; do shift; done
sleep 1
echo 0 >{tracing}/tracing_on
sleep 0.3
cp {trace} "$2"
"""


# As trace-cmd: its command, `sleep`, has to end before it writes what it has.
PATIENT = """#!/bin/sh
trap : INT
while [ "$1" != -o ]; do shift; done
echo 1 >{tracing}/tracing_on
sleep 30
cp {trace} "$2"
"""


def prepare(scratch, trace):
    tracing, proc = scratch / "tracing", scratch / "proc"
    for event in ("mm_page_alloc", "mm_page_free"):
        (tracing / "events/kmem" / event).mkdir(parents=True)
    proc.mkdir()
    for name in ("version", "buddyinfo", "pagetypeinfo", "zoneinfo"):
        (proc / name).write_text(f"{name} of a test\n")
    fake = scratch / "trace-cmd"
    fake.write_text(FAKE.format(tracing=tracing, trace=trace))
    fake.chmod(0o755)
    settings = proc / "sys/vm"
    settings.mkdir(parents=True)
    (settings / "watermark_boost_factor").write_text("0\n")
    return ["--trace-cmd", fake, "--tracefs", tracing, "--proc", proc, "--sys", scratch / "none"]


def run(binary, *arguments):
    return subprocess.run([binary, "record", *map(str, arguments)], capture_output=True, text=True)


def check_early_end(binary, where, scratch, trace):
    """A signal to gbsim alone ends the recording, and what there is of it is packed."""
    tracing = scratch / "tracing"
    (tracing / "tracing_on").write_text("0\n")
    fake = scratch / "trace-cmd"
    fake.write_text(PATIENT.format(tracing=tracing, trace=trace))
    for number, sign in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)):
        archive = scratch / f"early{number}.gbtrace"
        (tracing / "tracing_on").write_text("0\n")
        begun = time.monotonic()
        recorder = subprocess.Popen([binary, "record", *map(str, where), "-o", archive], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True)
        while (tracing / "tracing_on").read_text() != "1\n":
            time.sleep(0.05)
        time.sleep(0.3)
        recorder.send_signal(sign)
        _, said = recorder.communicate(timeout=60)
        assert recorder.returncode == 0, said
        assert archive.exists() and time.monotonic() - begun < 25


def check_failure(binary, where, scratch, trace):
    """What trace-cmd has written before it failed is kept, and where is said."""
    fake = scratch / "trace-cmd"
    fake.write_text(FAKE.format(tracing=scratch / "tracing", trace=trace) + "exit 1\n")
    done = run(binary, *where, "-o", scratch / "failed.gbtrace")
    kept = re.search(r"is kept in (\S+): gbsim replay (\S+);", done.stderr)
    assert done.returncode == 1 and kept, done.stderr
    assert pathlib.Path(kept[2]).stat().st_size == pathlib.Path(trace).stat().st_size
    shutil.rmtree(kept[1])
    fake.write_text('#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho part >"$2.cpu0"\nexit 1\n')
    done = run(binary, *where, "-o", scratch / "failed.gbtrace")
    kept = re.search(r"trace-cmd restore.* is kept in (\S+):", done.stderr, re.DOTALL)
    assert done.returncode == 1 and kept, done.stderr
    assert (pathlib.Path(kept[1]) / "trace.dat.cpu0").exists()
    shutil.rmtree(kept[1])
    refused = run(binary, *where, "-o", scratch, "--force")
    assert refused.returncode == 2 and "is a directory" in refused.stderr, refused.stderr


def main():
    binary, trace = sys.argv[1:]
    shown = run(binary, "--help")
    assert shown.returncode == 0 and "trace-cmd record -C mono" in shown.stdout
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        where = prepare(scratch, trace)
        archive = scratch / "a.gbtrace"
        done = run(binary, *where, "-o", archive)
        assert done.returncode == 0, done.stderr
        assert "no event kmem:mm_page_pcpu_drain" in done.stderr, done.stderr
        listed = subprocess.run(["tar", "--zstd", "-tf", archive], capture_output=True, text=True)
        if listed.returncode == 0:  # zstd's program may be missing
            members = set(listed.stdout.split())
            wanted = {"trace.dat", "formats/proc__version", "snaps/index.csv", "snaps/000_start/buddyinfo",
                      "machine/proc/sys/vm/watermark_boost_factor"}
            assert wanted <= members, members
            snapshots = {member.split("/")[1] for member in members if member.startswith("snaps/0")}
            assert snapshots - {""} == {"000_start", "001_end"}, snapshots
        assert run(binary, *where, "-o", archive).returncode == 2  # it exists
        check_early_end(binary, where, scratch, trace)
        check_failure(binary, where, scratch, trace)
        assert run(binary, "--trace-cmd", "no-such-program", *where[2:], "-o", scratch / "b").returncode == 2
        assert run(binary, "--tracefs", scratch / "none", "-o", scratch / "b").returncode == 1
        nowhere = run(binary, *where, "-o", scratch / "none/b")
        assert nowhere.returncode == 2 and "No such file" in nowhere.stderr, nowhere.stderr
        assert run(binary, "--seconds", "0").returncode == 2
        assert not (scratch / "b").exists()


if __name__ == "__main__":
    main()
