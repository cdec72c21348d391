# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian packages that a test needs and the simulator does not: installed by root, asked for otherwise."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SKIP = 77  # exit status of a test that cannot run here; CTest reports it as skipped


class Unavailable(Exception):
    """What a test needs is not on this machine, for the reason given."""


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no message"


def have_programs(*programs):
    """Whether all @programs are in the path, or where system programs are."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return all(shutil.which(program, path=path) for program in programs)


def install(packages):
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install_them = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install_them):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Unavailable(f"`{' '.join(command)}` failed: {last_line(done.stderr or done.stdout)}")


def provide(packages, is_present):
    """Installs @packages unless @is_present(); raises Unavailable where that cannot be done. One test at a time."""
    if is_present():
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Unavailable("needs the Debian packages " + " ".join(packages))
    with open(Path(tempfile.gettempdir()) / "gbsim-apt.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_present():
            install(packages)
    if not is_present():
        raise Unavailable(f"the packages {' '.join(packages)} do not hold what is needed")


def require_root(why):
    if os.geteuid() != 0:
        raise Unavailable(f"{why}: needs root")
