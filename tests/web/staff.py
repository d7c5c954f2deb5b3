"""Who stands behind the addresses of the pages about people, in the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from daybreak.web import ids
from daybreak.web.links.models import JOIN, Link
from daybreak.web.people import naming
from daybreak.web.people.models import Person, RoleGrant, Site
from tests.web.conftest import NOW

PERSON = UUID("0193f000-0000-7000-8000-000000000006")
WAY = UUID("0193f000-0000-7000-8000-0000000000a6")


def make(site: Site) -> Person:
    """Somebody who once worked here."""
    told = {"login": "moss", "display_name": "Moss", "language": "en", "password": make_password(None)}
    person = Person.objects.create(id=PERSON, organisation_id=site.organisation_id, created=NOW, **told)
    naming.begin(person, by=None, at=NOW)
    common = {"organisation_id": site.organisation_id, "created": NOW}
    RoleGrant.objects.create(id=ids.new(), person=person, site=site, role="pharmacist", starts=NOW, ends=NOW, **common)
    Link.objects.create(
        id=WAY, purpose=JOIN, subject=PERSON, key="1", digest="0" * 64, expires=NOW, uses=1, by=None, **common
    )
    return person
