#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""cut_recording.py SOURCE TARGET [BLOCKS]: the first blocks (of 262144 records) of a PGT1 recording, with what lies
beside it up to there: exact snapshots (page classes only where a replay starts), hidden and untraced events."""
import csv
import io
import lzma
import pathlib
import struct
import sys
import tarfile

RECORDS_PER_BLOCK = 262144
COMPACTION = [f"mm_compaction_{step}" for step in ("begin", "end", "finished", "isolate_freepages",
                                                   "fast_isolate_freepages", "isolate_migratepages", "migratepages")]


def varints(data):
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def cut_events(source, target, blocks):
    """Returns (records kept, time of the last in ns)."""
    data = lzma.open(source / "events.pgt.xz").read()
    count, start = struct.unpack_from("<IQ", data, 4)
    at = 16 + 8 * count
    records = micros = 0
    while at < len(data) and blocks > 0:
        sizes = struct.unpack_from("<7I", data, at)
        begin = at + 28 + sizes[1]
        micros += sum(varints(data[begin:begin + sizes[2]]))
        records += sizes[0]
        at += 28 + sum(sizes[1:])
        blocks -= 1
    with lzma.open(target / "events.pgt.xz", "wb", preset=9) as out:
        out.write(data[:at])
    return records, start, start + 1000 * micros


def cut_lines(source, target, name, keep):
    if (source / name).exists():
        with lzma.open(source / name, "rt") as lines, lzma.open(target / name, "wt") as out:
            out.writelines(line for number, line in enumerate(lines) if keep(number, line))


def cut_snapshots(source, target, until):
    with tarfile.open(source / "snaps.tar.xz") as snaps, tarfile.open(target / "snaps.tar.xz", "w:xz") as out:
        index = [row for row in csv.reader(io.TextIOWrapper(snaps.extractfile("index.csv")))]
        kept = index[:1]
        for seq, label, name, time, size in index[1:]:
            if int(time) <= until and (name == "pgsnap" or (name == "kpageclass" and label == "start")):
                kept.append([seq, label, name, time, size])
                member = f"snaps/{int(seq):03}_{label}/{name}"
                out.addfile(snaps.getmember(member), snaps.extractfile(member))
        text = "".join(",".join(row) + "\n" for row in kept).encode()
        info = tarfile.TarInfo("index.csv")
        info.size = len(text)
        out.addfile(info, io.BytesIO(text))


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True)
    records, start, until = cut_events(source, target, int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 30)
    micros = (until - start) // 1000
    cut_lines(source, target, "hidden.csv.xz", lambda number, line: number == 0 or int(line.split(",")[0]) <= records)
    cut_lines(source, target, "untraced.csv.xz", lambda number, line: number == 0 or int(line.split(",")[0]) <= micros)
    cut_lines(source, target, "other.txt.xz", lambda _, line: int(line.split(" ")[0]) <= until and
              line.split(" ")[2] in COMPACTION)
    cut_snapshots(source, target, until)
    print(f"{records} records to {until / 1e9:.3f} s")


main()
