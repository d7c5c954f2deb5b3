"""What was tried beside the antidepressants: augmentation, talking, procedures, earlier ketamine, each as a row?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from daybreak.clinical.answers import Unreadable
from daybreak.clinical.records import Exposure, KetamineExposure, Therapy, When
from daybreak.clinical.screening.trd import by_ingredient
from daybreak.clinical.screening.view import View, begins_after
from daybreak.knowledge.rules import models
from daybreak.knowledge.sentences import Language, number
from daybreak.web.patients.fields import DRUG, RESPONSE, STOP, THERAPY
from daybreak.web.words import word

Day = When | Unreadable | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One course or dose, in ordinals. `unknown`: a day of it is, so that only its outline is drawn. `said` stands in it."""

    first: int
    last: int
    unknown: bool
    said: str = ""


@dataclass(slots=True)
class Row:
    """All of one kind: how it is drawn, and each record in words (from when until when, what else is known of it)."""

    name: str
    stretches: list[Stretch] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def more(self) -> str:
        """What stands beside the name; of several records, how many there are."""
        return self.lines[0][1] if len(self.lines) == 1 else f"× {len(self.lines)}"


def rows(view: View, *, language: Language, hidden: Collection[str] = ()) -> list[Row]:
    """Every kind of which something is on record, without what is `hidden` from the reader."""
    augmenting = {agent.ingredient for agent in models().agents} | models().antipsychotics
    found = [
        _medicine(ingredient, taken, view, language)
        for ingredient, taken in by_ingredient(view.exposures).items()
        if ingredient in augmenting
    ]
    shown = [t for t in view.chart.therapies if t.ref not in hidden and not begins_after(t.start, view.day)]
    for kind, title in THERAPY.items():
        found.append(_therapies(title, [t for t in shown if t.kind == kind], view, language))
    found.append(_ketamine([k for k in view.ketamine if k.ref not in hidden], view, language))
    return [row for row in found if row.lines]


def _medicine(ingredient: str, taken: Iterable[Exposure], view: View, language: Language) -> Row:
    """The courses that may have been taken for the depression."""
    row = Row(_capital(language.word(f"medicine.{ingredient}")))
    for e in taken:
        if e.status == "planned" or e.indication == "other":
            continue
        running = e.end is None and e.status == "active"
        dose = _dose(e.dose, "story.dose", language)
        row.stretches.append(_stretch(e.start, _today(view) if running else e.end, view, said=dose))
        until = word("story.running", language.language) if running else _written(e.end)
        row.lines.append((f"{_written(e.start)} – {until}", _told(dose, *_ended(e, language), language=language)))
    return row


def _therapies(title: str, therapies: Iterable[Therapy], view: View, language: Language) -> Row:
    lang = language.language
    row = Row(_capital(word(title, lang)))
    for t in therapies:
        sessions = word("story.sessions", lang, count=t.sessions) if isinstance(t.sessions, int) else ""
        row.stretches.append(_stretch(t.start, t.start if t.end is None else t.end, view))
        when = _written(t.start) if t.end is None else f"{_written(t.start)} – {_written(t.end)}"
        row.lines.append((when, _told(sessions, *_ended(t, language), language=language)))
    return row


def _ketamine(doses: Iterable[KetamineExposure], view: View, language: Language) -> Row:
    lang = language.language
    row = Row(word("kind.ketamine", lang))
    for k in doses:
        row.stretches.append(_stretch(k.when, k.when, view))
        response = word(RESPONSE[k.response], lang) if isinstance(k.response, str) else ""
        drug = word(DRUG[k.drug], lang) if k.drug in DRUG else k.text
        told = _told(drug, _dose(k.dose, "story.given", language), response, language=language)
        row.lines.append((_written(k.when), told))
    return row


def _today(view: View) -> When:
    return When(view.day, view.day)


def _stretch(start: Day, end: Day, view: View, *, said: str = "") -> Stretch:
    """A day that is not known reaches to the edge of the drawing."""
    first = start.earliest.toordinal() if isinstance(start, When) else 0
    last = end.latest.toordinal() if isinstance(end, When) else view.day.toordinal()
    exact = isinstance(start, When) and start.exact and isinstance(end, When) and end.exact
    return Stretch(first, max(first, last), not exact, said)


def _ended(tried: Exposure | Therapy, language: Language) -> tuple[str, str]:
    """How it went, as somebody recorded it."""
    better = number(tried.improvement) if isinstance(tried.improvement, Decimal) else ""
    stop = word(STOP[tried.stop], language.language) if isinstance(tried.stop, str) else ""
    return word("story.improvement", language.language, percent=better) if better else "", stop


def _dose(dose: Decimal | Unreadable | None, id: str, language: Language) -> str:
    return word(id, language.language, dose=number(dose)) if isinstance(dose, Decimal) else ""


def _told(*parts: str, language: Language) -> str:
    between = ", " if language.language == "en" else "，"
    return between.join(part for part in parts if part)


def _written(day: Day) -> str:
    return str(day) if isinstance(day, When) else "?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
