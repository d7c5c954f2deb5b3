"""How does a packet leave? A named person has read it and says so; what left is kept byte for byte."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.authorisation import actions, doses, packets
from daybreak.web.authorisation.models import Authorisation, Event, What
from daybreak.web.authorisation.state import state
from daybreak.web.labels.reading import hidden
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers.actions import JSON
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.patients import queries
from daybreak.web.patients.kinds import ORDINARY, leaving
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.words import LANGUAGES, word

LEAVES = (What.SENT, What.ANSWERED, What.APPEALED)  # the steps with which a packet can go
LONGEST, SHORT = 1000, 120


@transaction.atomic
def send(
    row: Authorisation,
    *,
    answers: dict[int, str],
    member: str = "",
    dose: str = "",
    dose_is_right: bool = False,
    note: str,
    language: str,
    with_labelled: bool,
    reproductive: bool = False,
    confirmed: bool,
    seen: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Event:
    """Keep the packet as PDF and as FHIR, and write down that it was sent. `seen` is the state that the person read."""
    patient = locked(Patient, pk=row.patient_id)
    require(by, Permission.AUTHORISATIONS, at=at, site_id=row.site_id)
    require(by, Permission.READ_SCREENING, at=at, site_id=row.site_id)
    leaves = leaving(labelled=with_labelled, reproductive=reproductive)
    content = {"authorisation": row.id, "answers": answers, "note": note, "labelled": sorted(leaves), "to": language}
    content |= {"member": member, "dose": dose, "dose_is_right": dose_is_right}
    if earlier := keys.known(key, action="packet", content=content):
        return Event.objects.get(pk=earlier)
    if not confirmed:
        raise Refused("packet.not_confirmed")
    if language not in LANGUAGES or len(note) > LONGEST or any(len(one) > LONGEST for one in answers.values()):
        raise Refused("packet.too_long", most=LONGEST)
    if (with_labelled or reproductive) and hidden(patient, by=by, allowed=queries.permissions(by, at=at)[row.site_id]):
        raise Forbidden("labels.hidden")
    if max(len(member), len(dose)) > SHORT:
        raise Refused("packet.too_long", most=SHORT)
    now = state(row.events.all())
    what = next((one for one in LEAVES if one in now.next), None)
    if what is None or not row.payer:
        raise Refused("authorisation.not_now")
    agreed: dict[str, bool] = {"with_labelled": with_labelled, "reproductive": reproductive}
    doses.ask(dose, row.protocol, right=dose_is_right)
    made = packets.packet(row, language=language, **agreed, at=at)
    if made.seen != seen:
        raise Conflict("packet.changed")
    label = next(iter(sorted(made.labels & leaves)), ORDINARY)
    told: dict[str, Any] = {"answers": answers, "member": member, "dose": dose, "by": by.display_name}
    english = made if language == "en" else packets.packet(row, language="en", **agreed, at=at)
    papers = {
        "application/pdf": packets.letter(row, made, note=note, language=language, **told),
        JSON: packets.claim(row, english, id=ids.new(), at=at, **told),
    }
    for media_type, content_ in papers.items():
        keep_paper(
            content_,
            patient=patient,
            kind="packet",
            about=f"authorisation {row.id}",
            language=language if media_type != JSON else "en",
            permission=Permission.READ_SCREENING,
            sensitivity=label,
            media_type=media_type,
            by=by,
            at=at,
            site=row.site_id,
        )
    event = actions.add(
        row,
        what,
        {"text": word("packet.left", language), "member": member, "dose": dose},
        day=zones.day(at, row.site.zone),
        seen=len(now.events),
        by=by,
        at=at,
        key=ids.new(),
        dose_is_right=dose_is_right,
    )
    keys.remember(key, action="packet", content=content, answer=event.id, organisation_id=row.organisation_id, at=at)
    return event
