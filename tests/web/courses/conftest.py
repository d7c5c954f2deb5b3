"""What does a test of courses find ready? People, a chair, a patient, and a signed decision to treat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daybreak.web import ids
from daybreak.web.courses import chairs
from daybreak.web.people.roles import Role
from daybreak.web.screening import actions as screening
from daybreak.web.screening.judging import judge
from tests.web.conftest import NOW
from tests.web.patients.samples import registered
from tests.web.rems.programme import certified, enrolled
from tests.web.screening import samples as signed
from tests.web.screening.samples import SOON, US


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def desk(person):
    return person("fay", Role.FRONT_DESK)


@pytest.fixture
def chair(site, person):
    ada = person("ada", Role.ADMINISTRATOR)
    return chairs.add(site.rooms.get(), "Chair 1", by=ada, at=NOW)


@pytest.fixture
def patient(site, doctor):
    return registered(site, doctor, language="English")


@pytest.fixture
def decided(site, doctor, patient):
    """A signed decision to treat, in a site that the programme certified, of a patient whom it knows."""
    certified(site, doctor)
    enrolled(patient, site, doctor)
    signed.adopted(site, doctor)
    signed.told(patient, doctor)
    seen = judge(patient, site, at=SOON).seen
    told = {"protocol": US, "outcome": "treat", "review_on": None, "language": "en", "site": site, "seen": seen}
    return screening.sign(patient, **told, by=doctor, at=SOON, key=ids.new())


@pytest.fixture
def noon(site):
    """The site's clock shows noon or a little later, whenever the test runs: the day does not end within it."""
    now = datetime.now(UTC)
    behind = now.hour - 12
    site.zone = f"Etc/GMT{behind:+d}" if behind else "UTC"
    site.save(update_fields=["zone"])
    return now
