"""How is a drawing put together so that every text in it is only text?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

# Characters that XML does not know: they cannot be escaped, only left out.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Svg:
    """A drawing in the making. Colours and strokes are classes of our stylesheet; nothing is inline.

    `name`: its class, and what its ids begin with.
    """

    def __init__(self, width: int, height: int, *, title: str, desc: str, name: str = "story") -> None:
        self._parts = [
            f'<svg class="chart {name}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{_plain(title)}</title>'
            f'<desc id="{name}-desc">{_plain(desc)}</desc>'
        ]

    def rect(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        self._parts.append(
            f'<rect class={quoteattr(kind)} x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        self._parts.append(f'<line class={quoteattr(kind)} x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def path(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Straight lines from point to point; one point alone has none."""
        if len(points) > 1:
            steps = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            self._parts.append(f'<path class={quoteattr(kind)} d="M{steps}"/>')

    def dot(self, x: float, y: float, kind: str, said: str, *, radius: float = 4) -> None:
        self._parts.append(
            f'<circle class={quoteattr(kind)} cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"><title>{_plain(said)}</title></circle>'
        )

    def shape(self, strokes: Sequence[Sequence[tuple[float, float]]], kind: str, said: str) -> None:
        """One sign of several strokes, with what it says."""
        ends = " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) for points in strokes)
        self._parts.append(f'<path class={quoteattr(kind)} d="{ends}"><title>{_plain(said)}</title></path>')

    def cross(self, x: float, y: float, size: float, kind: str, said: str) -> None:
        left, right, top, foot = x - size, x + size, y - size, y + size
        ends = f"M{left:.1f} {top:.1f} L{right:.1f} {foot:.1f} M{left:.1f} {foot:.1f} L{right:.1f} {top:.1f}"
        self._parts.append(f'<path class={quoteattr(kind)} d="{ends}"><title>{_plain(said)}</title></path>')

    def text(self, x: float, y: float, said: str, kind: str, *, more: str = "") -> None:
        """`more` follows on the same line in the ordinary weight. Nothing said is nothing drawn."""
        if not said:
            return
        rest = f'<tspan class="t-plain">{_plain(more)}</tspan>' if more else ""
        self._parts.append(f'<text class={quoteattr(kind)} x="{x:.1f}" y="{y:.1f}">{_plain(said)}{rest}</text>')

    def whole(self) -> str:
        return "".join(self._parts) + "</svg>"


def _plain(text: str) -> str:
    return escape(_NO_XML.sub("�", text))
