"""What stands at the end of a session's record about its predicted concentration? Nothing, where nobody switched it on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from daybreak.knowledge import kinetics
from daybreak.web.levels import told
from daybreak.web.levels.drawn import drawn
from daybreak.web.levels.reckoned import Reckoned, reckoned
from daybreak.web.papers import pdf
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import word

STYLE = Path(__file__).parent / "levels_on_paper.css"


def blocks(now: Now, *, at: datetime, language: str) -> Iterator[pdf.Block]:
    """A page of its own: the warning, the drawing, its figures, and on what it rests."""
    if Function.CONCENTRATION not in switches.at(now.session):
        return
    yield pdf.new_page()
    title = word("levels.title", language)
    yield pdf.heading(title)
    yield pdf.notice(kinetics.words()[0][language])
    found = reckoned(now, at=at)
    if isinstance(found, Reckoned):
        said = told.summary(found, language)
        svg = drawn(found, zone=now.session.site.zone, title=title, desc=said, language=language)
        yield pdf.paragraph(said)
        yield pdf.chart(svg.replace("<title ", f"<style>{_style()}</style><title ", 1), said)
        table = told.table(found, language)
        yield pdf.table(table.head, table.rows)
        for name, lines in (
            ("levels.given_title", told.given(found, language)),
            ("levels.about_title", told.about(found, language)),
            ("levels.models_title", told.models(found, language)),
        ):
            yield pdf.heading(word(name, language))
            yield pdf.points(*lines)
    else:
        yield pdf.points(word("levels.none", language), *(sentence(one, language) for one in found))
    yield pdf.heading(word("levels.limits_title", language))
    yield pdf.points(*told.limits(language))


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")
