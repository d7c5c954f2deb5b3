"""How is a message put into the outbox for a patient, or for somebody outside who looks after them?

It says that something waits and where; who it is about, what it is about and what kind of clinic sends it stand behind its link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.web.audit import trail
from daybreak.web.links.models import Link
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.models import TEXTS, Message
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.reach import queries, quiet, unreached
from daybreak.web.reach.models import TEXT, YES, Outsider, Reach
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

WAITS = "reach.waits"


def goes_to(patient: Patient) -> bool:
    """Would a message go to the patient now?"""
    now = queries.reach(patient.id)
    return way(now) is not None and not queries.stopped([patient.id])


def way(now: Reach | None) -> tuple[str, str] | None:
    """By which channel and where to a message goes: the one that they prefer, else the other; None: they agreed to neither."""
    if now is None:
        return None
    by_mail = (outbox.channel(), now.email) if now.may_write == YES and now.email else None
    by_text = (texts, now.mobile) if now.may_text == YES and now.mobile and (texts := outbox.texts()) else None
    return (by_text or by_mail) if now.way == TEXT else (by_mail or by_text)


def may_go(patient: Patient) -> None:
    """Refused while nothing goes to the patient: no link is made for them then; they are asked face to face or by phone."""
    if queries.standing(patient) is not None:
        raise Refused("reach.nothing_goes")


def to_patient(
    patient: Patient,
    *,
    about: UUID,
    site: Site,
    at: datetime,
    link: Link | None = None,
    text: str = WAITS,
    body: str | None = None,
    by_text: str | None = None,
    quietly: bool = False,
) -> Message | None:
    """A message in the caller's transaction. None when nothing goes to the patient (`standing`), or when they cannot be
    written to: then it is a task for somebody here to call. `text` and `body` are ids of sentences; `body` takes `page`,
    and so does `by_text`, which stands for it in a text. `quietly`: it waits until their quiet hours are over.
    """
    if queries.stopped([patient.id]):
        trail.happened("message_held", who=None, at=at, via="clock", to=patient, subject=patient.id)
        return None
    now = queries.reach(patient.id)
    found = way(now)
    if now is None or found is None:
        trail.happened("not_reached", who=None, at=at, via="clock", to=patient, subject=patient.id)
        unreached.no_way(patient, about=about, site=site, at=at)
        return None
    not_before = quiet.until(at, now.zone or site.zone) if quietly else None
    told = {"patient": patient, "not_before": not_before}
    body = by_text if by_text and found[0] in TEXTS else body
    return _put(queries.written_in(patient), found, text, body, about, site, at, link, **told)


def to_outsider(
    outsider: Outsider,
    *,
    about: UUID,
    at: datetime,
    link: Link | None = None,
    text: str = WAITS,
    body: str | None = None,
    quietly: bool = False,
) -> Message | None:
    """The same to somebody outside. Whether the patient agrees that they hear of it is asked by whoever calls this."""
    if outsider.patient_id and queries.stopped([outsider.patient_id]):
        trail.happened("message_held", who=None, at=at, via="clock", to=outsider, subject=outsider.patient_id)
        return None
    if not outsider.email:
        trail.happened("not_reached", who=None, at=at, via="clock", to=outsider, subject=outsider.patient_id)
        unreached.no_way(outsider.patient, about=about, site=outsider.site, at=at)
        return None
    return _put(
        known(outsider.language),
        (outbox.channel(), outsider.email),
        text,
        body,
        about,
        outsider.site,
        at,
        link,
        patient=outsider.patient,
        outsider=outsider,
        not_before=quiet.until(at, outsider.site.zone) if quietly else None,
    )


def _put(
    language: str,
    way: tuple[str, str],
    text: str,
    body: str | None,
    about: UUID,
    site: Site,
    at: datetime,
    link: Link | None,
    **more: Any,
) -> Message:
    for said in filter(None, (text, body)):
        word(said, language, page="")  # a sentence that nobody wrote is found now, and not when the mail is due
    return outbox.put(
        text,
        at=at,
        channel=way[0],
        to=way[1],
        language=language,
        body=body,
        link=link,
        about=about,
        site=site,
        organisation_id=site.organisation_id,
        **more,
    )
