"""What stands on the paper of a signed form? It is written in English, as the programme reads it, in a layout of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.papers import pdf
from daybreak.web.rems import answers
from daybreak.web.rems.evidence import Judged
from daybreak.web.rems.lines import Line
from daybreak.web.rems.whole import Whole, marks
from daybreak.web.words import word

WRITTEN_IN = "en"


def blocks(
    whole: Whole, told: Mapping[str, str], *, by: str, at: datetime, events: int, corrects: str, reason: str
) -> Iterator[pdf.Block]:
    """Every line with where it is from, every judgement as the signer answered it, and who signed."""
    form, language = rems.form(), WRITTEN_IN
    version = rems.versions()[whole.version]["words"][language]
    yield pdf.notice(form["says"][language])
    yield pdf.paragraph(f"{version} · {form['contacts'][language]}")
    if corrects:
        yield pdf.notice(word("rems.corrects", language, which=corrects, reason=reason))
    for title, rows in whole.blocks():
        yield pdf.heading(title)
        cells = [cell for one in rows if (cell := _row(one, whole, told))]
        head = [word(one, language) for one in ("rems.field", "rems.value", "rems.from_where")]
        yield pdf.table(head, cells, widths=(10, 9, 13))
    yield pdf.heading(word("rems.signed_title", language))
    yield pdf.facts(
        (word("rems.signed_by", language), by),
        (word("rems.signed_at", language), zones.minute(at)),
        (word("rems.up_to", language), str(events)),
    )


def _row(one: Line | Judged, whole: Whole, told: Mapping[str, str]) -> list[str] | None:
    language = whole.language
    of = marks(one, whole.version, language)
    if isinstance(one, Line):
        return [one.words, one.value or word("rems.unknown", language), ". ".join((*one.notes, *of)) or "–"]
    if one.id not in told:
        return None  # asked only after another answer
    text = told.get(f"{one.id}.text", "")
    answer = " · ".join(each for each in (answers.said(one.id, told, language), text) if each)
    return [one.words, answer, ". ".join((word("rems.judged", language), *of))]
