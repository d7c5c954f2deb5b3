"""Does the page of the rota say how many calls each person got in which week?"""

from __future__ import annotations

import re
from datetime import timedelta

from daybreak.web.rota.burden import burden
from daybreak.web.tasks import paging
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import answer
from tests.web.tasks.conftest import ines, lee, mailing, on_call, patient, patient_of

__all__ = ["ines", "lee", "mailing", "on_call", "patient", "patient_of"]


def test_calls_are_counted_by_person_and_week_and_older_ones_are_not(site, lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    paging.call_due(at=NOW + timedelta(minutes=20))
    assert dict(burden([site], at=NOW).get(site.id).people) == {"Ines": (2, 0, 0, 0), "Lee": (1, 0, 0, 0)}
    assert dict(burden([site], at=NOW + timedelta(days=7))[site.id].people)["Ines"] == (0, 2, 0, 0)
    assert burden([site], at=NOW + timedelta(days=28))[site.id].people == ()
    page = signed_in(lee).get("/rota/", secure=True).content.decode()
    assert re.search(r"<bdi>Ines</bdi></th>(<td class=.number.>\d+</td>){4}", page) or "Nobody was called" in page
