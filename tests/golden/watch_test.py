#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""gbsim run --watch on pseudo-terminals, seen through a terminal emulator: watch_test.py GBSIM [CASE...]."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from golden_test import TINY, Runner, content, differing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import debian

try:
    import pyte
except ImportError:
    pyte = None


class Watched:
    """
    A run with standard input and error on a terminal of its own; standard output is a pipe. The emulator does not
    know how xterm repeats a letter, hence a terminal type that does not.
    """

    def __init__(self, runner, out, *arguments, term="screen-256color", rows=40, columns=120):
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        command = [runner.binary, "run", str(TINY), "-o", str(runner.scratch / out), "--no-plots", "--watch", *arguments]
        self.process = subprocess.Popen(command, env=dict(runner.env, TERM=term), stdin=self.slave, stderr=self.slave,
                                        stdout=subprocess.PIPE, text=True, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, keys):
        os.write(self.master, keys)

    def read(self, seconds=0.05):
        while select.select([self.master], [], [], seconds)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError as error:
                assert error.errno == errno.EIO
                return
            self.raw += data
            self.stream.feed(data)

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, pattern, seconds=120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.read()
            if re.search(pattern, self.text()):
                return
            assert self.process.poll() is None, f"ended with {self.process.returncode} before {pattern}:\n{self.text()}"
        raise AssertionError(f"never saw {pattern}:\n{self.text()}")

    def finish(self, seconds=300):
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "the run does not end"
            self.read()
        self.read()
        self.output = self.process.stdout.read()
        return self.process.returncode

    def restored(self):
        """The terminal's modes are as before, and the other screen was left as often as entered."""
        after = termios.tcgetattr(self.slave)
        assert after == self.before, (self.before, after)
        assert self.raw.count(b"\x1b[?1049h") == self.raw.count(b"\x1b[?1049l"), "the other screen was not left"
        assert not self.screen.cursor.hidden, "no cursor"


LONG = ("--duration", "100h")


def same_bytes_as_without(runner):
    plain = content(runner.completed("plain"))
    watched = Watched(runner, "watched")
    assert watched.finish() == 0, watched.text()
    watched.restored()
    assert not differing(plain, content(runner.scratch / "watched")), differing(plain, content(runner.scratch / "watched"))
    assert "results: " in watched.output, watched.output
    assert b"\x1b[?1049h" in watched.raw, "nothing was drawn"


def screen_shows_the_run(runner):
    watched = Watched(runner, "w", *LONG)
    watched.until(r"Node 0, zone    DMA32( +\d+){11}")
    watched.until(r"simulated, ")  # the warm-up is over
    for wanted in (r"gbsim tiny  placement linux  pcp linux  seed 1", r"\d+% \[=* *\] ", r"simulated s/s", r"kswapd +\d",
                   r"free  \d+ MiB of \d+ MiB", r"node 0   ~", r"q: leave this view"):
        assert re.search(wanted, watched.text()), f"{wanted} is missing:\n{watched.text()}"
    first = watched.text()
    deadline = time.monotonic() + 30
    while watched.text() == first:
        assert time.monotonic() < deadline, "the screen stands still"
        watched.read()
    interrupt(watched, runner.scratch / "w")


def interrupt(watched, directory):
    watched.type(b"\x03")
    assert watched.finish() == 130, watched.process.returncode
    watched.restored()
    assert '"outcome": "interrupted"' in (directory / "summary.json").read_text()
    assert "samples up to then are complete" in watched.output, watched.output


def ctrl_c_keeps_samples(runner):
    watched = Watched(runner, "c", *LONG)
    watched.until(r"simulated, ")
    interrupt(watched, runner.scratch / "c")
    assert len((runner.scratch / "c" / "timeseries.csv").read_text().splitlines()) >= 2


def sigterm_restores_the_terminal(runner):
    watched = Watched(runner, "t", *LONG)
    watched.until("Node 0")
    watched.process.send_signal(signal.SIGTERM)
    assert watched.finish() == 143, watched.process.returncode
    watched.restored()


def q_leaves_the_view_not_the_run(runner):
    watched = Watched(runner, "q", *LONG)
    watched.until("Node 0")
    watched.type(b"q")
    watched.until(r"M page operations/s +\d+\S* left")
    watched.restored()
    assert watched.process.poll() is None
    watched.process.send_signal(signal.SIGINT)
    assert watched.finish() == 130
    plain = content(runner.completed("qa"))
    again = Watched(runner, "qb")
    again.until("Node 0")
    again.type(b"q")
    assert again.finish() == 0
    assert not differing(plain, content(runner.scratch / "qb"))


def follows_the_size(runner):
    watched = Watched(runner, "r", *LONG)
    watched.until(r"Node 0, zone    DMA32")
    for rows, columns, wanted in ((24, 80, r"(?m)^0 DMA32  "), (5, 30, r"free  \d+ MiB"), (1, 12, r"%"),
                                  (50, 150, r"Node 0, zone    DMA32")):
        watched.resize(rows, columns)
        watched.process.send_signal(signal.SIGWINCH)
        time.sleep(0.4)
        watched.read()
        watched.screen.reset()
        watched.type(b"\x0c")  # Ctrl-L draws all of it again
        watched.until(wanted, 30)
        assert len(watched.screen.display) == rows
    interrupt(watched, runner.scratch / "r")


def monochrome_terminals_show_the_same(runner):
    watched = Watched(runner, "m", *LONG, term="vt100", rows=40, columns=80)
    watched.until(r"(?m)^node 0   ~")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", watched.raw), "a terminal without colours got colours"
    watched.type(b"\x03")
    assert watched.finish() == 130
    assert termios.tcgetattr(watched.slave) == watched.before


def refused_where_nothing_can_be_drawn(runner):
    code, _, errors = refused(runner)
    assert code == 2 and "--watch: standard input is no terminal" in errors, (code, errors)
    for term in ("dumb", "no-such-terminal"):
        watched = Watched(runner, "no", term=term)
        assert watched.finish() == 2, watched.text()
        assert f"terminal type '{term}'" in watched.text(), watched.text()
    watched = Watched(runner, "no", "--quiet")
    assert watched.finish() == 2 and "--quiet" in watched.text(), watched.text()
    assert not (runner.scratch / "no").exists(), "something was written"


def refused(runner):
    done = subprocess.run([runner.binary, "run", str(TINY), "-o", str(runner.scratch / "no"), "--watch"], env=runner.env,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


CASES = [same_bytes_as_without, screen_shows_the_run, ctrl_c_keeps_samples, sigterm_restores_the_terminal,
         q_leaves_the_view_not_the_run, follows_the_size, monochrome_terminals_show_the_same,
         refused_where_nothing_can_be_drawn]


DEBIAN_PYTHON = "/usr/bin/python3"


def pyte_present():
    """Whether Debian's own Python, which may not be the one that runs this, has the terminal emulator."""
    import_it = [DEBIAN_PYTHON, "-c", "import pyte"]
    return Path(DEBIAN_PYTHON).exists() and subprocess.run(import_it, capture_output=True).returncode == 0


def require_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as error:
        raise debian.Unavailable(f"pseudo-terminals cannot be had ({error}); is /dev/pts mounted?") from error


def main():
    binary, wanted = sys.argv[1], sys.argv[2:]
    try:
        require_terminals()
        if pyte is None:
            debian.provide(["python3", "python3-pyte"], pyte_present)
    except debian.Unavailable as reason:
        print(f"skipped {' '.join(wanted)}: {reason}")
        return debian.SKIP
    if pyte is None:
        os.execv(DEBIAN_PYTHON, [DEBIAN_PYTHON, *sys.argv])
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            case(Runner(binary, scratch))
        print(f"ok {case.__name__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
