"""What stands in the draft of a paper about an adverse event, field by field, and what does nobody here know?

No name and no day of birth stand on any of them: a code of ours or initials, and the age. What bears a label is kept back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daybreak.clinical.treatment.adverse import NO, UNKNOWN, YES, Course
from daybreak.knowledge import adverse
from daybreak.web import zones
from daybreak.web.adverse import shown
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.queries import Standing
from daybreak.web.chronicle.hand_over import of_record
from daybreak.web.cupboard.models import Lot
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records, weights
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Details, Entry
from daybreak.web.patients.telling import age
from daybreak.web.patients.views import SEX
from daybreak.web.people.models import Person
from daybreak.web.protocols import reading
from daybreak.web.tables import table
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

WRITTEN_IN = "en"  # as whoever receives it reads it
BY_HAND = "by_hand"
CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """One field: where it stands on the paper, what it asks, what the record answers. `by_hand`: nothing here does."""

    at: str
    id: str
    words: str
    value: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read once for a draft."""

    one: Standing
    form: Mapping[str, Any]
    now: Now | None
    details: Details
    entries: list[Entry]
    by: Person
    at: datetime
    language: str

    @property
    def zone(self) -> str:
        return str(self.one.row.site.zone)


def facts(one: Standing, form: str, now: Now | None, *, by: Person, at: datetime, language: str) -> Facts:
    """Of that event, for that paper."""
    patient = one.row.patient
    known = adverse.forms()[form]
    return Facts(one, known, now, patients.details(patient), records.current(patient), by, at, language)


def lines(found: Facts) -> list[Line]:
    """Every field of the paper, in its order. An empty value is not known, and is to be completed by a person."""
    form = found.form["id"]
    return [
        Line(
            one["at"][form],
            one["id"],
            one["words"][found.language],
            "" if one["of"] == BY_HAND else " · ".join(part for part in _OF[one["of"]](found) if part),
            one["of"] == BY_HAND,
        )
        for one in adverse.fields(form)
    ]


def _patient(found: Facts) -> Iterator[str]:
    if found.form["named"] == CODE:
        yield f"AE-{str(found.one.row.root)[-8:]}"
        return
    names = (found.details.given_names, found.details.family_name)
    yield "".join(f"{each[0]}." for name in names for each in name.split()[:1])


def _age(found: Facts) -> Iterator[str]:
    began = tellings.when(found.one.told.onset, found.zone)
    on = zones.day(began.earliest if began else found.one.row.created, found.zone)
    yield age(found.details.birth, on)


def _sex(found: Facts) -> Iterator[str]:
    yield word(SEX[found.details.sex], found.language) if found.details.sex else ""


def _weight(found: Facts) -> Iterator[str]:
    last = weights.last(found.entries)
    if last is not None:
        yield f"{last.value} kg ({last.when.latest})"


def _kind(found: Facts) -> Iterator[str]:
    yield word("adverse.one", found.language)


def _serious(found: Facts) -> Iterator[str]:
    told, every = found.one.told.serious, adverse.serious()
    if found.one.row.serious == NO:
        yield word("adverse.not_serious", found.language)
    for answer, name in ((YES, "adverse.yes"), (UNKNOWN, "adverse.unknown")):
        of = [one["words"][found.language] for id, one in every.items() if told.get(id, UNKNOWN) == answer]
        if of:
            yield f"{word(name, found.language)}: {'; '.join(of)}"


def _onset(found: Facts) -> Iterator[str]:
    yield tellings.shown(found.one.told.onset, found.zone)


def _report_day(found: Facts) -> Iterator[str]:
    yield zones.day(found.at, found.zone).isoformat()


def _described(found: Facts) -> Iterator[str]:
    """What was told and judged, each part with its name; what nobody said stands as not known."""
    told, language, review = found.one.told, found.language, found.one.review
    yield f"{tellings.name(told, language)} ({shown.mapped(told, language)})"
    yield told.text if told.term else ""
    parts = [
        ("adverse.grade", shown.answer("grades", told.grade, language)),
        ("adverse.course", word(shown.COURSES[Course(told.course)], language)),
        ("adverse.end", tellings.shown(told.end, found.zone)),
        ("adverse.action", shown.answer("actions", told.action, language)),
        ("adverse.treated", told.treated),
        ("adverse.outcome", shown.answer("outcomes", told.outcome, language)),
        ("adverse.related", shown.answer("related", review.related if review else "", language)),
        ("adverse.expected", word(shown.SAID[review.expected if review else UNKNOWN], language)),
    ]
    yield from (f"{word(name, language).rstrip('?？')}: {value}" for name, value in parts if value)


def _product(found: Facts) -> Iterator[str]:
    yield from dict.fromkeys(one.drug for one in found.now.state.exposures) if found.now else ()


def _dose(found: Facts) -> Iterator[str]:
    for one in found.now.state.exposures if found.now else ():
        yield shown.amount(one.mg_low, one.mg_high, found.language)


def _route(found: Facts) -> Iterator[str]:
    yield from dict.fromkeys(one.route for one in found.now.state.exposures) if found.now else ()


def _dates(found: Facts) -> Iterator[str]:
    """From the first to the last dose of that treatment."""
    given = found.now.state.exposures if found.now else ()
    yield from dict.fromkeys(zones.minute(each) for one in given for each in (one.first, one.last) if each)


def _indication(found: Facts) -> Iterator[str]:
    yield reading.file(found.now.session.protocol)["title"][found.language] if found.now else ""


def _numbers(found: Facts) -> list[str]:
    given = found.now.state.exposures if found.now else ()
    return list(dict.fromkeys(lot for one in given for lot in one.lots))


def _lots(found: Facts) -> Iterator[str]:
    yield from _numbers(found)


def _expiry(found: Facts) -> Iterator[str]:
    if numbers := _numbers(found):
        rows = Lot.objects.filter(site=found.one.row.site_id, number__in=numbers).order_by("number", "expires")
        yield from dict.fromkeys(f"{one.number}: {one.expires}" for one in rows)


def _concomitant(found: Facts) -> Iterator[str]:
    part = of_record(found.entries, Kind.EXPOSURE, "medicines", found.language)
    yield from (": ".join(each for each in row if each) for row in part.rows)
    yield part.none if not part.rows else ""


def _reporter(found: Facts) -> Iterator[str]:
    site = found.one.row.site
    yield from (found.by.display_name, site.name, site.phone)


_OF: dict[str, Callable[[Facts], Iterator[str]]] = {
    "patient": _patient,
    "age": _age,
    "sex": _sex,
    "weight": _weight,
    "kind": _kind,
    "serious": _serious,
    "onset": _onset,
    "report_day": _report_day,
    "described": _described,
    "product": _product,
    "dose": _dose,
    "route": _route,
    "dates": _dates,
    "indication": _indication,
    "lots": _lots,
    "expiry": _expiry,
    "concomitant": _concomitant,
    "reporter": _reporter,
}


def as_json(found: Facts) -> str:
    """For another program: what is not known is null."""
    made = lines(found)
    told = {
        "form": found.form["id"],
        "draft": word("adverse.draft_says", found.language),
        "event": str(found.one.row.root),
        "version": str(found.one.row.id),
        "reviewed": found.one.review is not None,
        "fields": [
            {"at": one.at, "id": one.id, "asks": one.words, "value": one.value or None, "by_hand": one.by_hand}
            for one in made
        ],
        "missing": [one.id for one in made if not one.value],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_csv(found: Facts) -> str:
    """For a table."""
    heads = ("at", "id", "asks", "value", "by_hand")
    return table(heads, ((one.at, one.id, one.words, one.value, "yes" if one.by_hand else "") for one in lines(found)))
