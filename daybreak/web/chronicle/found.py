"""What belongs to the record of a session beyond its own events: from which lots, under which papers, with which duties?"""

from __future__ import annotations

from dataclasses import dataclass

from daybreak.clinical.treatment.ledger import TAKES
from daybreak.knowledge import watch
from daybreak.knowledge.protocols import NotInForce
from daybreak.web import zones
from daybreak.web.consent import queries as consents
from daybreak.web.consent.models import Talk
from daybreak.web.cupboard.models import Entry
from daybreak.web.limits import queries as limits
from daybreak.web.limits.models import Signed
from daybreak.web.papers.models import Paper
from daybreak.web.protocols import policies
from daybreak.web.tasks.models import Task
from daybreak.web.treatment.models import Session


@dataclass(frozen=True, slots=True)
class InForce:
    """What the session was held to: the version of its protocol and the digests of all that was read for it."""

    version: str
    digest: str
    policy: str
    watch: str
    signed: Signed | None


def in_force(session: Session) -> InForce:
    """As it held on the day of the session."""
    site, day = session.site, zones.day(session.created, session.site.zone)
    rows = policies.lines_of([site.id]).get((site.id, session.protocol), ())
    signed = limits.signed(site.id, session.protocol, at=session.created)
    kept = {"watch": watch.digest(session.protocol), "signed": signed.row if signed else None}
    try:
        here = policies.here(session.protocol, rows, as_of=day)
    except NotInForce:
        return InForce(session.course.version, "", "", **kept)
    return InForce(here.protocol.version, here.protocol.digest, here.overlay_digest or "", **kept)


def from_cupboard(session: Session) -> list[Entry]:
    """What the cupboard's book says of what was taken for it, in order."""
    takes = Entry.objects.filter(session_id=session.pk, kind__in=TAKES).values("pk")
    rows = Entry.objects.filter(take__in=takes) | Entry.objects.filter(pk__in=takes)
    return list(rows.select_related("lot", "by", "witness").order_by("seq"))


def signed_consents(session: Session) -> list[Talk]:
    """Every consent that was signed by the patient or for them, each with its paper."""
    return [one for one in consents.talks(session.patient) if hasattr(one, "signature")]


def papers(session: Session, kind: str) -> list[Paper]:
    """What was handed out of this kind, in order. They are for whoever runs sessions, and bear no label."""
    rows = Paper.objects.filter(patient=session.patient_id, kind=kind, about=f"session {session.id}")
    return list(rows.defer("bytes").select_related("by").order_by("id"))


def duties(session: Session) -> list[Task]:
    """What became a task of somebody because of it, in order."""
    of = {str(one.id) for one in session.events.all()}
    rows = Task.objects.filter(patient=session.patient_id, source__startswith="session ").select_related("owner")
    return [one for one in rows.order_by("created", "id") if one.source.split()[1] in of]
