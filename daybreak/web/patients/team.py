"""Who looks after this patient, here and outside, and where is that written? By one question to the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from daybreak.web import zones
from daybreak.web.courses.models import Course, Taken
from daybreak.web.forms.models import UNUSED, Sitting
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import Outsider
from daybreak.web.reach.telling import ROLES
from daybreak.web.referral.models import Referral, What
from daybreak.web.screening.models import Snapshot
from daybreak.web.words import word

COURSE, DECISION, RATED, REFERRED = "course", "decision", "rated", "referred"
SAYS = {COURSE: "team.course", DECISION: "team.decision", RATED: "team.rated", REFERRED: "team.referred", **ROLES}
ORDER = list(SAYS)
WHERE = {
    COURSE: "/patients/{patient}/course/",
    DECISION: "/patients/{patient}/screening/signed/{id}/?site={site}",
    RATED: "/patients/{patient}/assessments/",
    REFERRED: "/referrals/{id}/",
}
OUTSIDE = "/patients/{patient}/reach/"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, what they are to the patient, and the page where that is written."""

    name: str
    role: str
    where: str


def team(
    patient: Patient, allowed: Collection[Permission], roles: Iterable[tuple[str, UUID]], language: str
) -> dict[str, Any]:
    """`members`: those whom the reader may see, of whom the clinic's own are first; `no_family_doctor`: none is written down.

    Without an open course the prescriber is whoever signed the newest decision.
    """
    first, *others = _asked(patient, allowed, list(roles))
    rows = list(first.union(*others, all=True))
    course = any(kind == COURSE for kind, *_ in rows)
    rows = [one for one in rows if not (course and one[0] == DECISION)]
    rows.sort(key=lambda one: (ORDER.index(one[0]), one[1], one[4]))
    members = []
    for kind, name, practice, at, id, site in rows:
        role = word(SAYS[kind], language, on=zones.today(at).isoformat())
        where = WHERE.get(kind, OUTSIDE).format(patient=patient.id, id=id, site=site)
        members.append(Member(name, f"{role}, {practice}" if practice else role, where))
    return {"members": members, "no_family_doctor": all(kind != "family_doctor" for kind, *_ in rows)}


def _asked(
    patient: Patient, allowed: Collection[Permission], roles: list[tuple[str, UUID]]
) -> list[QuerySet[Any, tuple[Any, ...]]]:
    """What the reader may see, each as rows of kind, name, practice, when, id and site."""
    records = queries.together(patient)
    outside = Outsider.objects.filter(patient=patient, replaced_by__isnull=True, ended=False)
    found = [outside.values_list(F("role"), F("name"), F("practice"), "created", "id", "site_id")]
    if Permission.SEE_CALENDAR in allowed:
        taken = Taken.objects.filter(course=OuterRef("pk")).order_by("-created", "-id").values("by__display_name")
        name = Coalesce(Subquery(taken[:1]), F("by__display_name"))
        found.append(_rows(COURSE, _newest(Course.objects.filter(patient__in=records, end__isnull=True)), name))
    if Permission.READ_SCREENING in allowed:
        signed = Snapshot.objects.filter(patient=patient, site__in=_sites(roles, Permission.READ_SCREENING))
        found.append(_rows(DECISION, _newest(signed), F("by__display_name")))
    if Permission.READ_PATIENTS in allowed:
        rated = Sitting.objects.filter(patient__in=records, form__startswith="assessment:", ending__by__isnull=False)
        newest = _newest(rated.exclude(ending__how__in=UNUSED))
        found.append(_rows(RATED, newest, F("ending__by__display_name"), when="ending__created"))
    if Permission.REGISTER_PATIENTS in allowed:
        about = {"events__what": What.PATIENT, "events__patient__in": records}
        mine = Referral.objects.filter(**about, site__in=_sites(roles, Permission.REGISTER_PATIENTS))
        found.append(_rows(REFERRED, mine, F("outsider__name")))
    return found


def _rows(kind: str, of: QuerySet[Any], name: Any, *, when: str = "created") -> QuerySet[Any, tuple[Any, ...]]:
    said, empty = Value(kind, output_field=CharField()), Value("", output_field=CharField())
    return of.order_by().values_list(said, name, empty, when, "id", "site_id")


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.model.objects.filter(pk__in=rows.order_by("-id").values("pk")[:1])


def _sites(roles: Iterable[tuple[str, UUID]], permission: Permission) -> list[UUID]:
    return [site for role, site in roles if permission in MAY[Role(role)]]
