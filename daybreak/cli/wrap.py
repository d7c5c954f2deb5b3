"""Where does a line end on a terminal? Chinese characters take two cells and may be parted anywhere."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

WIDTH = 100

# a run of narrow characters without spaces, one wide character, or spaces; closing punctuation stays with what it closes
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef][、。，；：）」”！？]*|\s+")


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    """The lines of a text, each at most `WIDTH` cells unless one word alone is longer."""
    lines: list[str] = []
    line, used, empty = first, cells(first), True
    for piece in _PIECE.findall(text):
        if piece.isspace():
            piece = " "
        size = cells(piece)
        if used + size > WIDTH and not empty:
            lines.append(line.rstrip())
            line, used, empty = rest, cells(rest), True
        if piece == " " and empty:
            continue
        line, used, empty = line + piece, used + size, False
    return [*lines, line.rstrip()]
