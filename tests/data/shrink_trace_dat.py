#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts a trace.dat of version 6 down to a test file: the formats of kmem and compaction events, the first ring-buffer
pages of each CPU, no symbols. Usage: shrink_trace_dat.py IN OUT PAGES"""
import struct
import sys

PAGE = 4096
KEPT_SYSTEMS = (b"kmem", b"compaction")


class Input:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, code):
        return struct.unpack("<" + code, self.take(struct.calcsize(code)))[0]

    def string(self):
        return self.take(self.data.index(b"\0", self.at) + 1 - self.at)


def sized(source, code):
    size = source.number(code)
    return struct.pack("<" + code, size) + source.take(size)


def formats(source):
    count = source.number("I")
    return struct.pack("<I", count) + b"".join(sized(source, "Q") for _ in range(count))


def systems(source):
    kept = []
    for _ in range(source.number("I")):
        name = source.string()
        content = formats(source)
        if name[:-1] in KEPT_SYSTEMS:
            kept.append(name + content)
    return struct.pack("<I", len(kept)) + b"".join(kept)


def options(source):
    out = source.take(10)
    assert out == b"options  \0"
    while True:
        number = source.number("H")
        out += struct.pack("<H", number)
        if number == 0:
            return out + source.take(10)
        out += sized(source, "I")


def shrink(data, pages):
    source = Input(data)
    out = source.take(10) + source.string() + source.take(6)
    out += source.take(12) + sized(source, "Q") + source.take(13) + sized(source, "Q")
    out += formats(source) + systems(source)
    for code in "II":  # kallsyms, printk formats
        source.take(source.number(code))
        out += struct.pack("<I", 0)
    out += sized(source, "Q")
    cpus = source.number("I")
    out += struct.pack("<I", cpus) + options(source)
    ranges = [(source.number("Q"), source.number("Q")) for _ in range(cpus)]
    at = (len(out) + 16 * cpus + PAGE - 1) // PAGE * PAGE
    content = b""
    for offset, size in ranges:
        size = min(size, pages * PAGE)
        out += struct.pack("<QQ", at + len(content), size)
        content += data[offset:offset + size]
    return out.ljust(at, b"\0") + content


def main():
    source, target, pages = sys.argv[1:]
    with open(source, "rb") as file:
        small = shrink(file.read(), int(pages))
    with open(target, "wb") as file:
        file.write(small)


if __name__ == "__main__":
    main()
