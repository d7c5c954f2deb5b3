"""What does a test about patients find ready? A patient at the site, and somebody who treats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daybreak.web import ids
from daybreak.web.patients.models import Details, NamePiece, Patient, Registration
from daybreak.web.patients.names import pieces
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW


@pytest.fixture
def nurse(person: Callable[..., Person]) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site: Site, nurse: Person) -> Patient:
    """Anna Keller, born 2 April 1971, number 48 at the first site."""
    return registered(site, nurse)


def registered(site: Site, by: Person, *, number: str = "48", id: Any = None, **other: str) -> Patient:
    """A patient by rows alone; `actions.register` has its own tests."""
    told = {"family_name": "Keller", "given_names": "Anna", "birth": "1971-04-02", "sex": "female", **other}
    common = {"organisation_id": site.organisation_id, "created": NOW}
    patient = Patient.objects.create(id=id or ids.new(), **common)
    Details.objects.create(id=ids.new(), patient=patient, by=by, **told, **common)
    Registration.objects.create(id=ids.new(), patient=patient, site=site, number=number, by=by, **common)
    names = pieces(f"{told['family_name']} {told['given_names']}")
    NamePiece.objects.bulk_create(NamePiece(patient=patient, piece=piece) for piece in names)
    return patient
