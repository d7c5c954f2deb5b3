"""What does whoever takes over a patient in an emergency have to know, on one page?

What nobody has written down is said to be not known; it is never said to be none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from daybreak.clinical import records as clinical
from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web import zones
from daybreak.web.chronicle import found
from daybreak.web.chronicle.lines import lines
from daybreak.web.cockpit.alarms import OF_ALARMS
from daybreak.web.cockpit.of_session import said_dose
from daybreak.web.cockpit.vitals import age
from daybreak.web.courses.state import standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity as identities
from daybreak.web.patients import older, records
from daybreak.web.patients import queries as patients
from daybreak.web.patients import telling as entries
from daybreak.web.patients.kinds import ORDINARY, Kind
from daybreak.web.patients.models import Entry
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.treatment import queries, timeline
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

KIND = "hand_over"
VITALS = ("pressure", "heart_rate", "spo2", "breaths", "moaa-s", "dissociation")
DOMAINS = {"allergies": "chronicle.allergies", "medicines": "chronicle.medicines"}
# What of the emergency is told: not that reminders went on, nor each alarm.
TOLD = frozenset(What) - OF_ALARMS - {What.DOSE, What.CHECK, What.ANSWERED}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: names with what is known. `none`: what it says where nothing is."""

    title: str
    rows: tuple[tuple[str, str], ...]
    none: str = ""


def parts(now: Now, *, at: datetime, language: str) -> list[Part]:
    """In the order in which they are asked for. The page's time is that of the site."""
    kept = records.current(now.session.patient)
    return [
        Part("", tuple(_who(now, at=at, language=language))),
        Part(
            word("chronicle.doses", language), tuple(_given(now, language)), word("chronicle.nothing_given", language)
        ),
        Part(word("chronicle.vitals", language), tuple(_vitals(now, at=at, language=language))),
        Part(word("chronicle.since_then", language), tuple(_since(now, language)), word("chronicle.none", language)),
        of_record(kept, Kind.ALLERGY, "allergies", language),
        of_record(kept, Kind.EXPOSURE, "medicines", language),
        Part(
            word("chronicle.contacts", language),
            tuple(_contacts(now, language)),
            word("chronicle.no_contact", language),
        ),
    ]


def _who(now: Now, *, at: datetime, language: str) -> Iterator[tuple[str, str]]:
    session, emergency = now.session, now.state.emergency
    who = identities.of(patients.details(session.patient))
    yield word("copies.name", language), who.name
    yield word("patients.birth", language), who.birth or word("chronicle.not_known", language)
    yield word("patients.site", language), " · ".join(part for part in (session.site.name, session.site.phone) if part)
    yield word("chronicle.place", language), f"{session.chair.room.name} · {session.chair.name}"
    if emergency:
        since = age(at - emergency.at, language)
        yield word("chronicle.emergency_since", language), f"{zones.minute(emergency.at)} ({since})"
    yield word("chronicle.as_of", language), zones.minute(at)


def _given(now: Now, language: str) -> Iterator[tuple[str, str]]:
    """Doses with their lots, and what was given against what they did."""
    lots = ", ".join(dict.fromkeys(one.lot.number for one in found.from_cupboard(now.session)))
    for one in now.state.exposures:
        runs = word("chronicle.runs", language) if one.last is None else ""
        said = [one.drug, said_dose(one), one.route, runs]
        yield zones.minute(one.first), " · ".join(part for part in said if part)
    if lots and now.state.exposures:
        yield word("treatment.lot", language), lots
    for act in now.state.rescues:
        told = [str(act.told.get(name, "")) for name in ("drug", "mg", "route")]
        told[1] = f"{told[1]} mg" if told[1] else ""
        yield zones.minute(act.at), " · ".join(part for part in told if part)


def _vitals(now: Now, *, at: datetime, language: str) -> Iterator[tuple[str, str]]:
    """Each with its age and what it was before the dose; one that nobody measured says so."""
    for row in VITALS:
        newest, first = now.state.latest(row), now.state.baseline(row)
        title = str(sessions.rows()[row]["title"][language])
        if newest is None:
            yield title, word("chronicle.not_measured", language)
            continue
        said = f"{timeline.value(row, newest.value)} · {zones.clock(newest.at)} ({age(at - newest.at, language)})"
        if first is not None and first.seq != newest.seq:
            said += f", {word('chronicle.was', language, value=timeline.value(row, first.value))}"
        yield title, said


def _since(now: Now, language: str) -> Iterator[tuple[str, str]]:
    """What was done since the emergency was opened; without one, in the whole session."""
    begun = now.state.emergency.seq if now.state.emergency else 0
    kinds = {one.seq for one in now.events if one.what in TOLD and one.seq >= begun}
    for one in lines(now, language=language, sensitive=False):
        if one.seq in kinds:
            yield one.at, f"{one.whole} · {one.who}"


def of_record(kept: list[Entry], kind: Kind, domain: str, language: str) -> Part:
    """What the record holds, without what bears a label, and who reviewed it when: without a review it may lack something."""
    rows = [one for one in kept if one.kind == kind and not _over(records.record(one))]
    ordinary = [one for one in rows if older.label(one) == ORDINARY]
    shown = [(entries.day(records.record(one)) or "–", entries.line(records.record(one), language)) for one in ordinary]
    if len(ordinary) < len(rows):
        shown.append(("–", word("chronicle.kept_back", language)))
    reviews = [records.record(one) for one in kept if one.kind == Kind.COVERAGE]
    last = max(
        (one for one in reviews if isinstance(one, clinical.Coverage) and one.domain == domain),
        key=lambda one: one.reviewed_on,
        default=None,
    )
    reviewed = (
        word("chronicle.reviewed", language, on=last.reviewed_on, name=last.by or "–")
        if last
        else word("chronicle.not_reviewed", language)
    )
    none = f"{word('chronicle.nothing_there', language)} {reviewed}"
    return Part(word(DOMAINS[domain], language), (*shown, ("", reviewed)) if shown else (), none)


def _over(record: object) -> bool:
    """A medicine that is surely no longer taken."""
    return isinstance(record, clinical.Exposure) and record.status == "ended"


def _contacts(now: Now, language: str) -> Iterator[tuple[str, str]]:
    home = standing(now.session.booking).way_home
    if home is not None and (home.with_name or home.with_phone):
        yield word("chronicle.escort", language), f"{home.with_name} · {home.with_phone}".strip(" ·")
    known = reach.reach(now.session.patient_id)
    if known is not None and known.contact_name:
        said = (known.contact_name, known.contact_relation, known.contact_phone)
        yield word("chronicle.contact", language), " · ".join(part for part in said if part)


@transaction.atomic
def give(session: Session, *, language: str, by: Person, at: datetime, key: UUID) -> Paper:
    """Keep the page as it is handed over."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site", "booking__course", "chair__room").get(pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id, "language": language}
    if earlier := keys.known(key, action="hand_over", content=content):
        return Paper.objects.get(pk=earlier)
    with timezone.override(ZoneInfo(session.site.zone)):
        blocks = list(_blocks(parts(queries.now(session), at=at, language=language)))
    page: pdf.Told = {"title": word("chronicle.hand_over", language), "footer": session.site.name, "blocks": blocks}
    row = keep_paper(
        pdf.make(page, language=language, on=zones.day(at, session.site.zone)),
        patient=session.patient,
        kind=KIND,
        about=f"session {session.id}",
        language=language,
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        site=session.site_id,
    )
    keys.remember(key, action="hand_over", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _blocks(found_: list[Part]) -> Iterator[pdf.Block]:
    for one in found_:
        if one.title:
            yield pdf.heading(one.title)
        yield pdf.facts(*one.rows) if one.rows else pdf.paragraph(one.none)
