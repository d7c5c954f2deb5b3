"""Are as many booked treatments firm as the payer approved, the first ones first?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.authorisation.models import Event
from daybreak.web.authorisation.models import What as Step
from daybreak.web.courses.models import What, Why
from daybreak.web.tasks.models import Task
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW
from tests.web.courses.test_courses import begun, booked, happens, missing
from tests.web.screening.samples import SOON

APPROVED = {"number": "A-1", "start": "2026-11-01", "until": "2027-03-01"}


@pytest.mark.parametrize("unit", ["treatments", "mg"])
def test_an_approval_of_so_many_treatments_makes_the_first_so_many_firm(
    site, patient, doctor, desk, chair, decided, unit
) -> None:
    begun(patient, doctor)
    row = make(patient, site, desk, id=ids.new())

    def step(what: Step, **told: str) -> None:
        common = {"organisation_id": site.organisation_id, "created": NOW, "authorisation": row, "by": desk}
        told = json.dumps(told)
        Event.objects.create(id=ids.new(), seq=row.events.count() + 1, what=what, day=NOW.date(), told=told, **common)

    step(Step.SENT)
    step(Step.APPROVED, **APPROVED, amount="2", unit=unit)
    third, first, second = (
        booked(patient, chair, desk, step=n, starts=NOW + timedelta(days=6 + 3 * n)) for n in (3, 1, 2)
    )

    def unpaid() -> list[int]:
        return [n for n, one in enumerate((first, second, third), 1) if "payment" in missing(one)]

    if unit == "mg":
        assert unpaid() == [], "how many treatments that is nobody said"
        return
    assert unpaid() == [3]
    assert not Task.objects.filter(source__startswith=f"booking {first.id} payment").exists()
    step(Step.USED, amount="1")
    assert unpaid() == [2, 3]
    happens(first, What.BY_PATIENT, desk, why=Why.NOT_SAID, at=SOON)
    assert "payment" not in missing(second), "who cancels takes none"
    assert "payment" in missing(third)
    step(Step.SELF_PAY, sum="450", currency="USD", signed_by="Anna Keller", language="en")
    assert unpaid() == []
