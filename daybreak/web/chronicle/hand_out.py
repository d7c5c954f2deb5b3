"""What does the patient take home, in their own language, and what was given to whom when? It names no medicine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from daybreak.clinical.treatment.discharge import no_driving
from daybreak.web import zones
from daybreak.web.crisis.card import numbers
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.treatment import context, queries
from daybreak.web.treatment.leaving_views import driving
from daybreak.web.treatment.models import Session
from daybreak.web.words import word

KIND = "hand_out"
RED = (
    "treatment.red_breath",
    "treatment.red_chest",
    "treatment.red_head",
    "treatment.red_faint",
    "treatment.red_worse",
)


@dataclass(frozen=True, slots=True)
class HandOut:
    """The words of one, in its language. `driving` is empty when nothing was given."""

    language: str
    day: date
    red: tuple[str, ...]
    driving: str
    site: str
    phone: str


def hand_out(session: Session, *, at: datetime) -> HandOut:
    """As things are now; every hour is one of the site's clocks."""
    language, site = reach.written_in(session.patient), session.site
    with timezone.override(ZoneInfo(site.zone)):
        until = no_driving(queries.now(session).state, context.rules(session, at=at), ZoneInfo(site.zone))
        said = driving(until, language)
    red = tuple(word(one, language) for one in RED)
    return HandOut(language, zones.day(at, site.zone), red, said, site.name, site.phone)


@transaction.atomic
def give(session: Session, *, by: Person, at: datetime, key: UUID) -> Paper:
    """Keep it as it is given."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site").get(pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id}
    if earlier := keys.known(key, action="hand_out", content=content):
        return Paper.objects.get(pk=earlier)
    found = hand_out(session, at=at)
    row = keep_paper(
        _made(found),
        patient=session.patient,
        kind=KIND,
        about=f"session {session.id}",
        language=found.language,
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        site=session.site_id,
    )
    keys.remember(key, action="hand_out", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _made(one: HandOut) -> bytes:
    """First when to get help, then until when nobody drives, then tomorrow and whom to call."""
    language = one.language
    blocks = [
        pdf.paragraph(f"{one.site} · {one.day.isoformat()}"),
        pdf.heading(word("treatment.call_when", language)),
        pdf.points(*one.red),
    ]
    if one.driving:
        blocks.append(pdf.heading(word("treatment.no_driving_title", language)))
        blocks.append(pdf.notice(f"{one.driving} {word('treatment.nor_machines', language)}"))
    blocks.append(pdf.heading(word("treatment.next_day_title", language)))
    blocks.append(pdf.paragraph(word("treatment.next_day_says", language)))
    if one.phone:
        blocks.append(pdf.paragraph(f"{word('treatment.our_number', language)} {one.phone}"))
    country, lines = numbers(on=one.day, language=language)
    blocks.append(pdf.heading(word("crisis.title", language)))
    if lines:
        blocks.append(pdf.facts(*((line.number, f"{line.name}. {line.hours}") for line in lines)))
    else:
        blocks.append(pdf.paragraph(word("crisis.unknown", language, country=country or "–")))
    page: pdf.Told = {"title": word("treatment.after_visit", language), "footer": one.site, "blocks": blocks}
    return pdf.make(page, language=language, on=one.day, large=True)
