"""Which plan counts, who outside reads which part of it, and what did they add?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from daybreak.knowledge.careplan import topics
from daybreak.web.careplan.models import Line, Plan, Share
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.reach.models import CARER, YES, Outsider
from daybreak.web.reach.queries import looking_after


def plan(patient: Patient) -> Plan | None:
    """The version that counts of any record of the person, the newest of these."""
    found = Plan.objects.filter(patient__in=patients.together(patient), replaced_by__isnull=True)
    return found.select_related("by", "site").order_by("-id").first()


def answers(plan: Plan | None) -> dict[str, str]:
    """The answer to each topic, in the order of the page; "" where nothing was said."""
    told = json.loads(plan.told) if plan else {}
    return {id: str(told.get(id, "")) for id in topics()}


def closed() -> frozenset[str]:
    """The topics that bear a label."""
    return frozenset(id for id, one in topics().items() if one.get("label"))


def shares(patient: Patient) -> dict[UUID, Share]:
    """By whom, the row that counts."""
    rows = Share.objects.filter(patient__in=patients.together(patient)).select_related("by", "site").order_by("id")
    return {one.whom: one for one in rows}


def counting(share: Share) -> Share:
    """The newest word about whom that one was."""
    found = Share.objects.filter(patient__in=patients.together(share.patient), whom=share.whom)
    return found.select_related("patient", "site").order_by("-id")[0]


def readers(patient: Patient) -> list[Outsider]:
    """Those outside of whom the patient said that they may be told something."""
    return [one for one in looking_after(patient) if one.may_tell == YES]


def opens(share: Share) -> bool:
    """Is there anything in it for them?"""
    return bool(share.topics) or share.asks


def professionals(patient: Patient) -> list[Outsider]:
    """Those of them whose work it is to look after the patient."""
    return [one for one in readers(patient) if one.role != CARER]


def may_read(share: Share) -> bool:
    """Does whoever it is still look after the patient, with the patient's yes, and is there anything for them?"""
    rows = Outsider.objects.filter(root=share.whom, replaced_by__isnull=True, ended=False, may_tell=YES)
    return opens(share) and rows.exists()


def topics_of(share: Share | None) -> list[str]:
    """What they read, in the order of the page."""
    said: Collection[str] = share.topics.split(",") if share else ()
    return [id for id in topics() if id in said]


def lines(patient: Patient) -> list[tuple[Line, str]]:
    """What was added from outside, the newest first, each with a name."""
    rows = list(
        Line.objects.filter(share__patient__in=patients.together(patient)).select_related("share").order_by("-id")
    )
    named = Outsider.objects.filter(root__in={one.share.whom for one in rows}, replaced_by__isnull=True)
    names = dict(named.values_list("root", "name"))
    return [(one, names[one.share.whom]) for one in rows]


def ids_of(patients: Iterable[UUID]) -> QuerySet[Share, UUID]:
    """The subjects of links by which others read."""
    return Share.objects.filter(patient__in=list(patients)).values_list("pk", flat=True)
