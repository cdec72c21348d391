# SPDX-License-Identifier: GPL-2.0-or-later
"""A small reader of C++ text: enough to measure functions and blocks, not a parser."""

import re
from dataclasses import dataclass


@dataclass
class Function:
    name: str
    line: int
    lines: int
    nesting: int  # deepest block inside the body: 0 is straight-line code


def strip(text):
    """Comments, strings and preprocessor lines become blanks; line numbers stay."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))

    text = re.sub(r'R"(\w*)\((?:.|\n)*?\)\1"', blank, text)
    text = re.sub(r'//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', blank, text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def matching_open(text, close):
    """Index of the parenthesis that @close, a ')', belongs to."""
    depth = 0
    for i in range(close, -1, -1):
        depth += {")": 1, "(": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return 0


CONTROL = re.compile(r"\b(if|for|while|switch|catch)\s*(constexpr\s*)?$")
TRAILER = re.compile(r"(\b(const|noexcept|override|final|mutable)\b|&&?|->\s*[\w:<>,\s\*&]+?)\s*$")


def opener_kind(text, brace):
    """What a '{' at @brace opens: function, control, lambda, scope or value."""
    before = text[:brace].rstrip()
    if re.search(r"\b(else|do|try)$", before):
        return "control"
    if re.search(r"\b(namespace|class|struct|union|enum)\b[^;{}()=]*$", before[-400:]):
        return "scope"
    head = before
    while True:
        shorter = TRAILER.sub("", head).rstrip()
        if shorter == head or not shorter:
            break
        head = shorter
    if head.endswith("]"):
        return "lambda"
    if not head.endswith(")"):
        return "init" if re.search(r"[)}]\s*$", before) else "value"
    start = matching_open(head, len(head) - 1)
    lead = head[:start].rstrip()
    if CONTROL.search(lead):
        return "control"
    if lead.endswith("]"):
        return "lambda"
    return "function"


def function_name(text, brace):
    head = text[:brace].rstrip()
    match = None
    for match in re.finditer(r"([\w:~]+)\s*\(", head[max(0, len(head) - 600):].split(";")[-1].split("}")[-1]):
        if match.group(1) not in ("if", "for", "while", "noexcept"):
            return match.group(1)
    return match.group(1) if match else "?"


def functions(text):
    """Every function body in @text with its length and nesting."""
    text = strip(text)
    found, stack = [], []
    for i, char in enumerate(text):
        if char == "{":
            stack.append(_open(text, i, stack))
        elif char == "}" and stack:
            entry = stack.pop()
            if entry["kind"] == "function":
                first = text.count("\n", 0, entry["at"]) + 1
                found.append(Function(entry["name"], first, text.count("\n", entry["at"], i) + 1, entry["deepest"]))
    return found


def _open(text, at, stack):
    kind = opener_kind(text, at)
    inside = next((e for e in reversed(stack) if e["kind"] in ("function", "lambda")), None)
    entry = {"kind": kind, "at": at, "deepest": 0, "name": "", "depth": 0}
    if kind == "function" and inside is None:
        entry["name"] = function_name(text, at)
    elif kind == "function":
        entry["kind"] = "value"  # a braced initialiser after a call-like type
    elif kind == "control" and inside is not None:
        entry["depth"] = 1 + max((e["depth"] for e in stack[stack.index(inside):]), default=0)
        inside["deepest"] = max(inside["deepest"], entry["depth"])
        owner = next(e for e in stack if e["kind"] == "function")
        owner["deepest"] = max(owner["deepest"], entry["depth"])
    return entry
