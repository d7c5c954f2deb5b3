"""How is a paper made? From a list of blocks, always to the same bytes, readable by a screen reader (PDF/UA-1)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

import typst

from daybreak.web.papers.drawn import picture
from daybreak.web.refusals import Refused
from daybreak.web.words import known

LAYOUT = Path(__file__).parent / "paper.typ"
ORDINARY, LARGE = 10.5, 16.0  # points; large is for whoever reads with difficulty
_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")

Block = dict[str, object]
Sheet = Literal["a4", "us-letter"]


class Told(TypedDict):
    """What a paper says: its title, what stands at the foot of each page, and its blocks in order."""

    title: str
    footer: str
    blocks: Sequence[Block]


def heading(text: str) -> Block:
    """The title of a part."""
    return {"is": "heading", "text": text}


def paragraph(text: str) -> Block:
    """Running text."""
    return {"is": "text", "text": text}


def notice(text: str) -> Block:
    """What must not be overlooked, in a frame."""
    return {"is": "notice", "text": text}


def points(*items: str) -> Block:
    """A list of sentences."""
    return {"is": "points", "items": items}


def facts(*rows: tuple[str, str]) -> Block:
    """Names and their values, two columns."""
    return {"is": "facts", "rows": rows}


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[int] = ()) -> Block:
    """Rows under a head that each page repeats. Every row is as long as the head: ValueError. `widths`: how many parts of the
    page each column has; equal ones without."""
    if wrong := [row for row in rows if len(row) != len(head)]:
        raise ValueError(f"the row {wrong[0]!r} has {len(wrong[0])} cells and the head {len(head)}")
    return {"is": "table", "head": head, "rows": rows, "widths": [*widths] or [1] * len(head)}


def tick(text: str, *, ticked: bool = False) -> Block:
    """A box to tick and its sentence."""
    return {"is": "box", "text": text, "ticked": ticked}


def line(name: str, value: str = "") -> Block:
    """A line to write on: a signature, a day."""
    return {"is": "line", "name": name, "value": value}


def drawn(name: str, strokes: str) -> Block:
    """A signature that was drawn (`drawn.read`), above a line; `name` is also what a screen reader says of it."""
    return {"is": "drawn", "name": name, "picture": picture(strokes)}


def chart(svg: str, said: str) -> Block:
    """A drawing across the page, which brings its own style; `said`: the same for whoever does not see it."""
    return {"is": "chart", "picture": svg, "said": said}


def together(*blocks: Block) -> Block:
    """Blocks that stand on one page. They must fit on one: what is longer is cut off."""
    return {"is": "together", "blocks": blocks}


def new_page() -> Block:
    """What follows begins on a page of its own."""
    return {"is": "page"}


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(LAYOUT))


def make(told: Told, *, language: str, on: date, sheet: Sheet = "a4", large: bool = False) -> bytes:
    """The PDF. The same words, language and day give the same bytes.

    A letter that no font here can draw is refused by name instead of being printed as a box.
    """
    content = {
        **told,
        "language": known(language).split("-")[0],
        "day": [on.year, on.month, on.day],
        "paper": sheet,
        "size": LARGE if large else ORDINARY,
    }
    try:
        made: bytes = _compiler().compile(
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"told": json.dumps(content, ensure_ascii=False)},
            timestamp=0,
        )
    except typst.TypstError as error:
        if (missing := _NO_GLYPH.search(str(error))) is None:
            raise
        letters = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), missing[1])
        raise Refused("papers.letters_missing", letters=letters) from None
    return made
