"""Which authorisations are there, and does one of them, or the patient's signature, cover a treatment on a day?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from daybreak.web.authorisation.models import Authorisation, Event, Statement, What
from daybreak.web.authorisation.state import State, state
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient

COVERED = "covered"


def of(patient: Patient) -> list[tuple[Authorisation, State]]:
    """Those of the patient, the newest first."""
    found = Authorisation.objects.filter(patient__in=queries.together(patient)).select_related("by", "site")
    return _with_states(found.order_by("-id"))


def of_many(patient_ids: Iterable[UUID]) -> dict[UUID, list[tuple[Authorisation, State]]]:
    """The same of several patients at once, by patient."""
    found: dict[UUID, list[tuple[Authorisation, State]]] = {}
    rows = Authorisation.objects.filter(patient__in=list(patient_ids)).select_related("site").order_by("-id")
    for row, now in _with_states(rows):
        found.setdefault(row.patient_id, []).append((row, now))
    return found


def one(patient: Patient, id: UUID) -> Authorisation | None:
    """One of them, with the patient as given."""
    found = Authorisation.objects.filter(patient__in=queries.together(patient), pk=id).select_related("site").first()
    if found is not None and found.patient_id == patient.id:
        found.patient = patient
    return found


def at_sites(sites: Iterable[UUID]) -> list[tuple[Authorisation, State]]:
    """Those of these sites that are open, by the day on which somebody has to act."""
    found = Authorisation.objects.filter(site__in=list(sites)).exclude(events__what=What.CLOSED)
    open_ones = _with_states(found.select_related("patient", "site").order_by("id"))
    return sorted(open_ones, key=lambda one: (one[1].due or date.max, one[0].id))


def _with_states(found: QuerySet[Authorisation]) -> list[tuple[Authorisation, State]]:
    rows = list(found.prefetch_related(Prefetch("events", Event.objects.select_related("by"))))
    return [(row, state(row.events.all())) for row in rows]


def paid_by(
    found: Iterable[tuple[Authorisation, State]], *, site_id: UUID, protocol: str | None, day: date | None
) -> str | None:
    """`covered`, or for what the patient has signed; None: nobody knows who pays. Never a clinical finding.

    What was granted or signed for another treatment pays for none of this one; `protocol` None: nobody knows which it is.
    `day` None: what the payer granted is taken, so only a signature counts.
    """
    here = [now for row, now in found if (row.site_id, row.protocol) == (site_id, protocol) and now.open]
    if day is not None and any(now.covers(day) for now in here):
        return COVERED
    if any(now.self_pay is not None for now in here):
        return What.SELF_PAY.value
    return What.PENDING.value if any(now.pends() for now in here) else None


def statements_of(patients: Iterable[UUID]) -> Iterable[UUID]:
    """The subjects of links by which a patient signs for a sum."""
    return Statement.objects.filter(authorisation__patient__in=list(patients)).values_list("pk", flat=True)


def papers_of(events: Iterable[Event]) -> dict[UUID, Paper]:
    """What was signed at these steps, by step, without the bytes."""
    about = {f"authorisation {one.id}": one.id for one in events if one.what in (What.SELF_PAY, What.PENDING)}
    found = Paper.objects.filter(kind="payment", about__in=about).defer("bytes") if about else ()
    return {about[one.about]: one for one in found}
