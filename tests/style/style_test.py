#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the tree to its own rules: layers, lengths, nesting, header contracts, a test for each header."""

import re
import sys
from pathlib import Path

from cpp_source import functions

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES, FUNCTION_LINES, NESTING, COLUMNS = 400, 40, 2, 120

# What each layer may include besides itself; sim/README.md draws the same order.
LAYERS = {
    "base": set(),
    "mm": {"base"},
    "placement": {"mm", "base"},
    "reclaim": {"mm", "base"},
    "allocator": {"reclaim", "placement", "mm", "base"},
    "workload": {"allocator", "reclaim", "placement", "mm", "base"},
    "scenario": {"base"},
    "metrics": {"mm", "base"},
    "report": {"metrics", "mm", "base"},
    "watch": {"metrics", "mm", "base"},
    "sweep": {"report", "metrics", "scenario", "mm", "base"},
    "engine": {"workload", "allocator", "reclaim", "placement", "mm", "base", "scenario", "metrics"},
    "bench": {"replay", "recording", "metrics", "engine", "workload", "allocator", "reclaim", "placement", "mm", "base"},
    "recording": {"allocator", "mm", "base"},
    "replay": {"recording", "allocator", "reclaim", "placement", "mm", "base", "metrics"},
    "demand": {"replay", "recording", "engine", "workload", "allocator", "reclaim", "placement", "mm", "base", "scenario", "metrics"},
    "cli": {"demand", "replay", "recording", "bench", "engine", "workload", "allocator", "reclaim", "placement", "mm", "base", "scenario", "metrics",
            "report", "watch", "sweep"},
}

# Who alone may use a library.
LIBRARY_OWNERS = {"simgrid": {"engine"}, "yaml-cpp": {"scenario"}, "muParser": {"sweep"}, "sqlite3": {"sweep"}, "boost/program_options": {"cli"},
                  "trace-cmd.h": {"recording"}, "archive.h": {"recording"}, "curses": {"watch"}}


def sources():
    return sorted(p for p in (ROOT / "sim").rglob("*") if p.suffix in (".h", ".cc"))


def test_sources():
    return sorted(p for p in (ROOT / "tests").rglob("*") if p.suffix in (".h", ".cc"))


def web_sources():
    return sorted((ROOT / "sim" / "report" / "web").iterdir())


def rel(path):
    return path.relative_to(ROOT)


def check_layers(path, text):
    layer = rel(path).parts[1]
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'#include "sim/(\w+)/', line)
        if match and match.group(1) != layer and match.group(1) not in LAYERS[layer]:
            yield f"{rel(path)}:{number}: layer {layer} may not include {match.group(1)}"
        for library, owners in LIBRARY_OWNERS.items():
            if f"<{library}" in line and line.startswith("#include") and layer not in owners:
                yield f"{rel(path)}:{number}: only {', '.join(owners)} may use {library}"


def check_lines(path, lines):
    if len(lines) > FILE_LINES:
        yield f"{rel(path)}: {len(lines)} lines, at most {FILE_LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield f"{rel(path)}:{number}: {len(line)} columns, at most {COLUMNS}"


def check_lengths(path, text):
    yield from check_lines(path, text.splitlines())
    if "TEST_CASE" in text:
        return
    for function in functions(text):
        where = f"{rel(path)}:{function.line}: {function.name}"
        if function.lines > FUNCTION_LINES:
            yield f"{where} has {function.lines} lines, at most {FUNCTION_LINES}"
        if function.nesting > NESTING:
            yield f"{where} nests {function.nesting} blocks, at most {NESTING}"


def check_spdx(path, text):
    if not text.startswith("// SPDX-License-Identifier: GPL-2.0-or-later"):
        yield f"{rel(path)}:1: first line is no SPDX line"


def check_header_docs(path, text):
    """Every class, struct and free function of a header carries a contract."""
    if path.suffix != ".h":
        return
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if re.match(r"(class|struct|enum class) \w+[^;]*$", line) and not documented(lines, number - 1):
            yield f"{rel(path)}:{number}: no /** ... */ contract above `{line.strip()}`"


def documented(lines, at):
    above = at - 1
    while above >= 0 and re.match(r"\s*(template|\[\[)", lines[above]):
        above -= 1
    return above >= 0 and lines[above].rstrip().endswith("*/")


def check_comment_length(path, text):
    run = 0
    for number, line in enumerate(text.splitlines(), 1):
        run = run + 1 if re.match(r"\s*//(?! SPDX)", line) else 0
        if run == 5:
            yield f"{rel(path)}:{number}: a comment of more than four lines"


def check_test_names(path, text):
    """CTest's discovery reads names as CMake lists."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r'TEST_CASE\("[^"]*[][;]', line):
            yield f"{rel(path)}:{number}: CTest cannot take brackets or semicolons in a test's name"


def check_header_has_test(path):
    layer = rel(path).parts[1]
    if path.suffix != ".h" or layer in ("cli", "bench"):
        return
    stem = path.stem
    tests = ROOT / "tests" / "unit" / layer
    if any(f'"sim/{layer}/{stem}.h"' in t.read_text() for t in tests.glob("*.cc")):
        return
    yield f"{rel(path)}: no test in tests/unit/{layer} includes it"


def problems():
    for path in sources():
        text = path.read_text()
        for check in (check_layers, check_lengths, check_spdx, check_header_docs, check_comment_length):
            yield from check(path, text)
        yield from check_header_has_test(path)
    yield from web_problems()
    for path in test_sources():
        text = path.read_text()
        yield from check_spdx(path, text)
        yield from check_lengths(path, text)
        yield from check_test_names(path, text)


def web_problems():
    """Files of a report's page are held to length and width; formatted by `prettier --print-width 120 --no-bracket-spacing`."""
    for path in web_sources():
        yield from check_lines(path, path.read_text().splitlines())


def main():
    found = list(problems())
    print("\n".join(found))
    print(f"{len(sources())} sources, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
