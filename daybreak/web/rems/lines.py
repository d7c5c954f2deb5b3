"""What stands in each line of a form that is no judgement: who it is, what was measured and given, each with where it is from?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from daybreak.clinical.treatment import rems as fold
from daybreak.clinical.treatment.events import Event
from daybreak.clinical.treatment.rems import Minutes, Reading
from daybreak.clinical.treatment.session import corrected
from daybreak.clinical.treatment.units import written
from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.cockpit.of_session import said_dose
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.rems import programme, queries
from daybreak.web.rems.models import Certification, Enrolment
from daybreak.web.treatment import telling, timeline
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known, word

SEXES = {
    "female": "patients.female",
    "male": "patients.male",
    "other": "patients.other",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, what stands in it (empty: not known), and from where. `about`: the field, as knowledge has it."""

    about: Mapping[str, Any]
    words: str
    value: str = ""
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(self.about["id"])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read once for a form: the session with what its corrections tell, and who the patient is."""

    now: Now
    language: str
    events: list[Event]
    details: Details
    certified: Certification | None
    enrolled: Enrolment | None


def facts(now: Now, language: str) -> Facts:
    """Of that session."""
    known_there = programme.for_form(now.session.site_id, patients.together(now.session.patient))
    return Facts(now, known(language), corrected(now.events), telling.details(now.session), *known_there)


def known_lines(found: Facts, version: str) -> dict[str, Line]:
    """Every identity and figure of that version, by its id, in order."""
    return {one["id"]: _line(found, one) for one in rems.fields(version) if one["kind"] in ("identity", "figure")}


def _line(found: Facts, about: Mapping[str, Any]) -> Line:
    value, notes = _OF[about["of"]](found, about)
    return Line(about, about["words"][found.language], value, tuple(notes))


Said = tuple[str, list[str]]


def _identity(name: str) -> Callable[[Facts, Mapping[str, Any]], Said]:
    return lambda found, about: (str(getattr(found.details, name)), [])


def _sex(found: Facts, about: Mapping[str, Any]) -> Said:
    sex = found.details.sex
    return (word(SEXES[sex], found.language) if sex in SEXES else ""), []


def _monitor(found: Facts, about: Mapping[str, Any]) -> Said:
    """Who said that the patient may leave; else who wrote down the end."""
    act = found.now.state.ready or found.now.state.ended
    name = timeline.names([act.by]).get(act.by or "", "") if act else ""
    return name, [word("rems.who_said_ready", found.language, seq=act.seq)] if act else []


def _site_phone(found: Facts, about: Mapping[str, Any]) -> Said:
    phone = found.now.session.site.phone
    return phone, [word("rems.of_the_site", found.language)] if phone else []


def _certified(found: Facts, name: str) -> Said:
    """As it was written down with the certification of the site; without, it is to be written on the form of the programme."""
    row = found.certified
    value = str(getattr(row, name)) if row else ""
    return value, [word("rems.of_certification" if value else "rems.not_kept", found.language)]


def _day(found: Facts, about: Mapping[str, Any]) -> Said:
    return queries.day(found.now).isoformat(), [found.now.session.site.zone]


def _dose(found: Facts, about: Mapping[str, Any]) -> Said:
    amount = fold.amount(found.now.state)
    least = written(amount.least_mg)
    notes = [_by(amount.events, found.language)]
    if amount.known:
        return f"{least} mg", notes
    if amount.most_mg is None:
        return word("rems.at_least", found.language, least=f"{least} mg"), notes
    return word("rems.between", found.language, least=least, most=f"{written(amount.most_mg)} mg"), notes


def _lots(found: Facts, about: Mapping[str, Any]) -> Said:
    told = []
    for one in found.now.state.exposures:
        lots = ", ".join(one.lots) or word("rems.lot_unknown", found.language)
        serial = f" · SN {one.serial}" if one.serial else ""
        told.append(f"{one.n}: {said_dose(one)}, {zones.clock(one.first)}, {lots}{serial}")
    return " | ".join(told), [_by((one.seq for one in found.now.state.exposures), found.language)]


def _minutes(found: Facts, about: Mapping[str, Any]) -> Said:
    minutes = fold.watched(found.now.state, found.events)
    return (span(minutes, found.language), [_by(minutes.events, found.language)]) if minutes else ("", [])


def _before(found: Facts, about: Mapping[str, Any]) -> Said:
    return _read(fold.before(found.now.state, found.events, about["row"]), found.language)


def _last(found: Facts, about: Mapping[str, Any]) -> Said:
    return _read(fold.last(found.now.state, found.events, about["row"]), found.language)


def _about(found: Facts, about: Mapping[str, Any]) -> Said:
    """One that is not about then is said beside the line, and does not stand in it."""
    told = rems.form()["about"]
    around = {"span": timedelta(minutes=told["minutes"]), "grace": timedelta(minutes=told["grace"])}
    nearest = fold.about(found.now.state, found.events, about["row"], **around)
    if nearest is None:
        return "", []
    value, notes = _read(nearest.reading, found.language)
    if nearest.within:
        return value, notes
    return "", [word("rems.nearest", found.language, value=value), *notes]


def _read(reading: Reading | None, language: str) -> Said:
    if reading is None:
        return "", []
    at = zones.clock(reading.check.at)
    notes = [
        word("rems.at_minute", language, at=at, minutes=span(reading.after, language))
        if reading.after
        else word("rems.at", language, at=at),
        _by((reading.check.seq,), language),
    ]
    notes += [word("rems.told_late", language)] if reading.late else []
    notes += [word("rems.corrected", language)] if reading.corrected else []
    return timeline.value(reading.check.row, reading.check.value), notes


def span(minutes: Minutes, language: str) -> str:
    """Minutes, as two figures where they are not known exactly."""
    if minutes.least == minutes.most:
        return f"{minutes.least} min"
    return word("rems.between", language, least=minutes.least, most=f"{minutes.most} min")


def _by(events: Any, language: str) -> str:
    return word("rems.by_events", language, events=", ".join(str(one) for one in events))


_OF: Mapping[str, Callable[[Facts, Mapping[str, Any]], Said]] = {
    "given": _identity("given_names"),
    "family": _identity("family_name"),
    "birth": _identity("birth"),
    "sex": _sex,
    "monitor": _monitor,
    "site_phone": _site_phone,
    "site": lambda found, about: (found.now.session.site.name, []),
    "site_address": lambda found, about: _certified(found, "address"),
    "site_email": lambda found, about: _certified(found, "email"),
    "day": _day,
    "dose": _dose,
    "lots": _lots,
    "minutes": _minutes,
    "before": _before,
    "about": _about,
    "last": _last,
}
