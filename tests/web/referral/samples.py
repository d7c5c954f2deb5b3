"""Which referral stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from daybreak.web import ids
from daybreak.web.people.models import Site
from daybreak.web.reach.models import Outsider
from daybreak.web.referral.models import Referral
from tests.web.conftest import NOW

REFERRAL = UUID("0193f000-0000-7000-8000-00000000000b")
TOLD = {
    "from_role": "therapist",
    "from_name": "Dr. Rivera",
    "from_phone": "555-0100",
    "from_email": "rivera@example.org",
    "from_language": "en",
    "family_name": "Keller",
    "given_names": "Anna",
    "birth": "1971-04-02",
    "phone": "555-0101",
    "why": "Two medicines did not help.",
    "tried": "sertraline, venlafaxine",
    "risk": "no",
    "agreed": "yes",
    "may_tell": "yes",
}


def made(site: Site, *, id: UUID | None = None, **other: Any) -> Referral:
    """One that came by the form; by rows alone."""
    common = {"organisation_id": site.organisation_id, "created": NOW}
    root = ids.new()
    outsider = Outsider.objects.create(id=root, root=root, site=site, role="therapist", name="Dr. Rivera", **common)
    told = {
        "family_name": "Keller",
        "given_names": "Anna",
        "birth": "1971-04-02",
        "phone": "555-0101",
        "why": "…",
        **other,
    }
    return Referral.objects.create(
        id=id or ids.new(),
        site=site,
        outsider=outsider,
        door="web",
        urgent=False,
        risk="no",
        agreed=True,
        may_tell=True,
        **common,
        **told,
    )


def make(site: Site) -> Referral:
    """The one of the sample address."""
    return made(site, id=REFERRAL)
