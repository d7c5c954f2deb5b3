"""Which facts of the record stand in a letter, part by part, each with its day and whose word it is?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from daybreak.clinical import records as clinical
from daybreak.knowledge import scales
from daybreak.web import zones
from daybreak.web.adverse import queries as adverse
from daybreak.web.adverse import shown
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.told import SERIOUS
from daybreak.web.assessments.results import Rating
from daybreak.web.chronicle import leaving as treatments
from daybreak.web.letters import scores
from daybreak.web.papers import pdf
from daybreak.web.patients import older, queries, records, telling
from daybreak.web.patients.kinds import ORDINARY, PSYCHOTHERAPY, REPRODUCTIVE, SUBSTANCE_USE, Kind
from daybreak.web.patients.models import PATIENT, Details, Entry, Patient
from daybreak.web.transfer.front import courses, decisions
from daybreak.web.words import word

STYLE = Path(__file__).parent / "chart_on_paper.css"
OVER = ("ended", "planned")  # of medicines: whatever else is said of one, somebody may be taking it
LABELS = {
    SUBSTANCE_USE: "letters.label_substance_use",
    PSYCHOTHERAPY: "letters.label_psychotherapy",
    REPRODUCTIVE: "letters.label_reproductive",
}
KINDS = {"diagnoses": Kind.CONDITION, "medicines": Kind.EXPOSURE, "therapies": Kind.THERAPY}


@dataclass(frozen=True)
class Facts:
    """The record as it is read for one letter: `leaves` are the labels that may go out, `event` the adverse event it is about."""

    patient: Patient
    leaves: frozenset[str]
    language: str
    at: datetime
    event: str = ""

    @cached_property
    def details(self) -> Details:
        """Who it is."""
        return queries.details(self.patient)

    @cached_property
    def every(self) -> list[Entry]:
        """What counts now, also what stays here."""
        return records.current(self.patient)

    @cached_property
    def ratings(self) -> tuple[str, list[Rating]]:
        """The scale whose totals are drawn, and these; nothing when there is none."""
        return scores.most(self.patient, self.details, self.every, leaves=self.leaves)

    def rows(self, part: str) -> list[Entry]:
        """The entries that stand in that part."""
        if part == "scores":
            scale, _ = self.ratings
            return [one for one in self._out(Kind.OBSERVATION) if scale and records.record(one).kind == scale]  # type: ignore[union-attr]
        if part not in KINDS:
            return []
        found = self._out(KINDS[part])
        return [one for one in found if taken(one)] if part == "medicines" else found

    def _out(self, kind: Kind) -> list[Entry]:
        return [one for one in self.every if one.kind == kind and older.label(one) in self.leaves]


def taken(row: Entry) -> bool:
    """Does the record say of the medicine neither that it ended nor that it is only planned?"""
    record = records.record(row)
    return isinstance(record, clinical.Exposure) and record.end is None and record.status not in OVER


def blocks(part: str, facts: Facts) -> Iterator[pdf.Block]:
    """One part with its heading; what the record does not hold is said to be not recorded."""
    yield from MADE[part](facts)


def _decisions(facts: Facts) -> Iterator[pdf.Block]:
    yield from decisions(facts.patient, facts.language)


def _courses(facts: Facts) -> Iterator[pdf.Block]:
    yield from courses(facts.patient, facts.language)


def _treatments(facts: Facts) -> Iterator[pdf.Block]:
    yield from treatments.blocks(facts.patient, facts.language)


def _scores(facts: Facts) -> Iterator[pdf.Block]:
    scale, ratings = facts.ratings
    yield pdf.heading(scales.data(scale)["title"][facts.language] if scale else word("letters.scores", facts.language))
    if not scale:
        yield pdf.paragraph(word("transfer.none", facts.language))
        return
    svg, said = scores.drawn(
        facts.patient, facts.details, facts.every, scale, ratings, at=facts.at, language=facts.language
    )
    yield pdf.paragraph(said)
    yield pdf.chart(svg.replace("<title ", f"<style>{_style()}</style><title ", 1), said)
    head = [word(one, facts.language) for one in ("copies.day", "letters.total")]
    yield pdf.table(head, [[one.day.isoformat(), str(one.total)] for one in ratings])


def _adverse(facts: Facts) -> Iterator[pdf.Block]:
    language = facts.language
    yield pdf.heading(word("letters.adverse", language))
    found = [one for one in adverse.of_patient(facts.patient) if facts.event in ("", str(one.row.root))]
    head = ("letters.onset", "copies.what", "letters.outcome", "letters.serious", "letters.judged")
    rows = [
        [
            tellings.shown(one.told.onset, one.row.site.zone) or word("adverse.unknown", language),
            tellings.name(one.told, language),
            shown.answer("outcomes", one.told.outcome, language),
            word(SERIOUS[one.row.serious], language),
            f"{one.review.by.display_name}, {zones.day(one.review.created, one.row.site.zone)}"
            if one.review
            else word("letters.not_judged", language),
        ]
        for one in found
    ]
    yield pdf.table([word(one, language) for one in head], rows) if rows else _none(language)


def _entries(part: str, title: str) -> Callable[[Facts], Iterator[pdf.Block]]:
    def made(facts: Facts) -> Iterator[pdf.Block]:
        yield pdf.heading(word(title, facts.language))
        head = [word(one, facts.language) for one in ("copies.day", "copies.what", "copies.who_says")]
        rows = [_line(one, facts.language) for one in facts.rows(part)]
        yield pdf.table(head, rows) if rows else _none(facts.language)

    return made


def _line(row: Entry, language: str) -> list[str]:
    record = records.record(row)
    parts = [
        telling.headline(record, language),
        *(f"{name}: {value}" for name, value in telling.said(record, language)),
    ]
    if (label := older.label(row)) != ORDINARY:
        parts.append(word(LABELS[label], language))
    says = word("copies.patient", language) if row.origin == PATIENT else row.by.display_name if row.by else "–"
    return [telling.day(record) or "–", "; ".join(parts), says]


def _none(language: str) -> pdf.Block:
    return pdf.paragraph(word("transfer.none", language))


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")


MADE: Mapping[str, Callable[[Facts], Iterator[pdf.Block]]] = {
    "decisions": _decisions,
    "courses": _courses,
    "treatments": _treatments,
    "scores": _scores,
    "adverse": _adverse,
    "diagnoses": _entries("diagnoses", "kind.condition"),
    "medicines": _entries("medicines", "letters.medicines"),
    "therapies": _entries("therapies", "kind.therapy"),
}
TITLES = {
    "decisions": "transfer.decisions",
    "courses": "transfer.courses",
    "treatments": "chronicle.treatments",
    "scores": "letters.scores",
    "adverse": "letters.adverse",
    "diagnoses": "kind.condition",
    "medicines": "letters.medicines",
    "therapies": "kind.therapy",
}
