"""Whom does somebody mean who is in an emergency, who reviews it, and how often did who do it?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from daybreak.web.glass.models import NOT_JUSTIFIED, Opening
from daybreak.web.patients.models import Details, Patient, Registration
from daybreak.web.people.models import Person, RoleGrant
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.people.roles import Role

SHOWN = 50
SEARCHES = 20  # in a quarter of an hour


def meant(*, family_name: str, birth: str, number: str, site: UUID | None) -> list[Patient]:
    """The patients of the organisation who are exactly that: family name and whole birth date, or number and site."""
    if number and site:
        return list(Patient.objects.filter(registrations__site=site, registrations__number=number))
    if not family_name or len(birth) != len("1971-04-02"):
        return []
    now = Details.objects.filter(birth=birth, replaced_by__isnull=True).select_related("patient")
    return [one.patient for one in now if _plain(one.family_name) == _plain(family_name)]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def reviewer(patient: Patient, *, not_this: Person, at: datetime) -> Person | None:
    """A prescriber of the patient's own site, the one longest there; without one, an administrator of that site."""
    places = list(Registration.objects.filter(patient=patient).order_by("id").values_list("site_id", flat=True))
    grants = list(
        RoleGrant.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=at),
            site__in=places,
            role__in=(Role.PRESCRIBER, Role.ADMINISTRATOR),
            starts__lte=at,
            replaced_by__isnull=True,
        )
        .exclude(person=not_this)
        .select_related("person")
    )
    grants.sort(key=lambda one: (one.role != Role.PRESCRIBER, places.index(one.site_id), one.starts, one.id))
    return grants[0].person if grants else None


def may_review(person: Person, patient: Patient, *, at: datetime) -> bool:
    """Does the person look after emergencies at a site of the patient's?"""
    mine = [site.id for site in sites_of(person, Permission.REVIEW_GLASS, at=at)]
    return Registration.objects.filter(patient=patient, site__in=mine).exists()


def openings(places: Iterable[UUID]) -> QuerySet[Opening]:
    """Those of patients of these sites, the newest first, each with its ending and judgement."""
    about = Registration.objects.filter(site__in=list(places)).values("patient")
    return (
        Opening.objects.filter(patient__in=about)
        .select_related("by", "reviewer", "ending", "judgement", "judgement__by")
        .order_by("-id")
    )


def counts(places: Iterable[UUID]) -> list[dict[str, object]]:
    """How often each person opened a record there, how many of these wait for a review, and how many were not justified."""
    return list(
        openings(places)
        .order_by()
        .values("by", "by__display_name")
        .annotate(
            all=Count("id"),
            waiting=Count("id", filter=Q(judgement__isnull=True)),
            not_justified=Count("id", filter=Q(judgement__found=NOT_JUSTIFIED)),
        )
        .order_by("-all", "by__display_name")
    )
