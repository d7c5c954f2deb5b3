"""Is what was drawn with a finger or a pen a signature, and how does it look on a paper? It stands beside a typed name."""

from __future__ import annotations

import re

from daybreak.web.refusals import Refused

WIDTH, HEIGHT = 600, 200
LONGEST = 20_000
_STROKES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")
_PLACE = re.compile(r"(\d+) (\d+)")


def read(typed: str) -> str:
    """The strokes as the page sends them, "M10 20L11 22…", each place within WIDTH and HEIGHT; empty when nothing was drawn.

    Refused for anything else: it goes into a picture, so nothing but places may stand in it.
    """
    if not typed:
        return ""
    places = ((int(x), int(y)) for x, y in _PLACE.findall(typed))
    if len(typed) > LONGEST or not _STROKES.fullmatch(typed) or any(x > WIDTH or y > HEIGHT for x, y in places):
        raise Refused("papers.not_drawn")
    return typed


def picture(strokes: str) -> str:
    """The same as an SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{strokes}" fill="none" stroke="black" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
