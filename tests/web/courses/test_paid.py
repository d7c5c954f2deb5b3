"""Are as many booked treatments firm as the payer approved, the first ones first?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from daybreak.web import ids, zones
from daybreak.web.authorisation.gate import took_place
from daybreak.web.authorisation.models import Event
from daybreak.web.authorisation.models import What as Step
from daybreak.web.authorisation.queries import of
from daybreak.web.courses import gates
from daybreak.web.courses.models import What, Why
from daybreak.web.courses.state import standing
from daybreak.web.tasks.models import Task
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW, signed_in
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


def test_what_took_place_takes_its_own_also_where_nobody_wrote_it_down(
    site, patient, doctor, desk, chair, decided, django_assert_max_num_queries
) -> None:
    begun(patient, doctor)
    now, day = timezone.now(), timedelta(days=1)
    today = zones.day(now, site.zone)
    row = make(patient, site, desk, id=ids.new())

    def step(what: Step, on, **told: str) -> None:
        common = {"organisation_id": site.organisation_id, "created": NOW, "authorisation": row, "by": desk}
        told = json.dumps(told)
        Event.objects.create(id=ids.new(), seq=row.events.count() + 1, what=what, day=on, told=told, **common)

    step(Step.SENT, NOW.date())
    step(Step.APPROVED, NOW.date(), amount="3", unit="treatments", **APPROVED | {"until": f"{today + 99 * day}"})
    came = [booked(patient, chair, desk, step=n, starts=now - n * day) for n in (3, 2)]
    ahead = [booked(patient, chair, desk, step=n, starts=now + n * day) for n in (4, 7)]
    for one in came:
        happens(one, What.ARRIVED, desk)

    def unpaid() -> list[bool]:
        found = gates.missing([standing(one) for one in ahead], at=now)
        return ["payment" in [gate.id for gate in found[one.id]] for one in ahead]

    assert unpaid() == [False, True]
    assert took_place(patient, row, of(patient), at=now) == (2, 0)
    step(Step.USED, today - day, amount="1")
    assert unpaid() == [False, True], "the larger of the two, not both"
    assert took_place(patient, row, of(patient), at=now) == (2, 1)
    client, page = signed_in(desk), f"/patients/{patient.id}/authorisations/{row.id}/"
    client.get(page, secure=True)
    with django_assert_max_num_queries(15):
        shown = client.get(page, secure=True).content.decode()
    assert "2 took place, 1 written down as used" in shown
    assert "已进行 2 次" in client.get(page, secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()
    step(Step.USED, today, amount="1")
    assert unpaid() == [False, True], "nothing took place today: what is written with today's day is of before"
    assert took_place(patient, row, of(patient), at=now) is None
    again = make(patient, site, desk, id=ids.new())  # asked for again, when the first was not used up
    told = {"organisation_id": site.organisation_id, "created": NOW, "by": desk}
    until = APPROVED | {"until": f"{today + 99 * day}", "amount": "3", "unit": "treatments"}
    for n, what, more in ((1, Step.SENT, {}), (2, Step.APPROVED, until)):
        Event.objects.create(
            id=ids.new(), seq=n, authorisation=again, what=what, day=NOW.date(), told=json.dumps(more), **told
        )
    assert took_place(patient, again, of(patient), at=now) == (2, 0), "the newest has them first"
    assert took_place(patient, row, of(patient), at=now) == (0, 2), "and no treatment is of both"
