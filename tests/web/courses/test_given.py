"""Are the treatments of a course drawn beside the ratings, as planned, given and lost, with the same in words?"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web.assessments.given import DONE, LOST, PLANNED, marks
from daybreak.web.courses import queries
from daybreak.web.courses.models import What, Why
from tests.web.assessments.test_results import rate
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import START, begun, booked, happens


def test_planned_given_and_lost_stand_in_the_drawing_and_in_the_table(patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    happens(booked(patient, chair, desk, step=1), What.ARRIVED, desk)
    lost = booked(patient, chair, desk, step=2, starts=NOW + timedelta(days=9))
    happens(lost, What.NO_SHOW, desk, why=Why.RIDE)
    found = marks(queries.courses(patient), queries.of(patient), "en")
    assert [one.day for one in found if one.kind == DONE] == [START]
    assert [one.said for one in found if one.kind == LOST] == ["did not come · No way to come or go home"]
    assert len([one for one in found if one.kind == PLANNED]) > 2
    rate(patient, doctor, "phq-9", {str(n): "1" for n in range(1, 9)} | {"9": "0"})
    client = signed_in(doctor)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/patients/{patient.id}/assessments/", secure=True).content.decode()
    assert len(asked) <= 15
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert "c-open" in drawn
    assert all(said in page for said in ("took place", "not come or cancelled", "○ planned · ● took place · ✕"))
    chinese = client.get(f"/patients/{patient.id}/assessments/", secure=True, headers={"Accept-Language": "zh-Hans"})
    assert "计划中的第 1 次就诊" in chinese.content.decode()
