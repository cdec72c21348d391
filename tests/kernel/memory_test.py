#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""memory_test.py GBSIM CASE: a recording ten times as long takes hardly more memory. Case: fit or what_if."""
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

GBSIM, CASE = sys.argv[1], sys.argv[2]
SHORT, LONG = 4, 40  # blocks
MOST_GROWTH_KIB = 16 << 10
ALLOC, FREE = 0, 1
GFP_KERNEL = 0xCC0


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def block():
    """Churn of 8192 pages; ends with page 0 and nothing alive, so that it may follow itself."""
    records, live, unused, stream = [], [], list(range(1, 8192)), random.Random(1)
    for _ in range(130_000):
        if live and (not unused or stream.random() < 0.5):
            page = live.pop(stream.randrange(len(live)))
            unused.append(page)
            records.append((FREE, page))
        else:
            live.append(unused.pop(stream.randrange(len(unused))))
            records.append((ALLOC, live[-1]))
    records += [(FREE, page) for page in live] + [(ALLOC, 0), (FREE, 0)]
    last = [0, 0]
    columns = [bytearray() for _ in range(6)]
    for event, page in records:
        step, last[event] = page - last[event], page
        columns[0].append(event)
        columns[1] += varint(10)
        columns[2] += varint(step << 1 if step >= 0 else (-step << 1) - 1)
        columns[3].append(0)
        columns[4] += b"\0" if event == ALLOC else b""
    return struct.pack("<7I", len(records), *map(len, columns)) + b"".join(columns)


def peak_kib(directory, one, blocks):
    trace = directory / "events.pgt"
    with trace.open("wb") as out:
        out.write(b"PGT1" + struct.pack("<IQQ", 1, 0, GFP_KERNEL))
        for _ in range(blocks):
            out.write(one)
    words = {"fit": ["fit", trace, "-o", directory / "fit.yaml", "--no-check", "--force"],
             "what_if": ["replay", trace, "--placement", "gigablock-bitmap", "--gigablock-order", "14", "--memory", "512MiB",
                         "-o", directory / "out", "--force", "--quiet", "--no-plots"]}[CASE]
    process = subprocess.Popen([GBSIM, *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{words}: wait status {status}")
    return usage.ru_maxrss


with tempfile.TemporaryDirectory() as path:
    one_block = block()
    short, long = (peak_kib(pathlib.Path(path), one_block, blocks) for blocks in (SHORT, LONG))
    print(f"{SHORT} blocks: {short} KiB, {LONG} blocks: {long} KiB")
    if long > short + MOST_GROWTH_KIB:
        sys.exit(f"memory grows with the recording: at most {MOST_GROWTH_KIB} KiB more are allowed")
