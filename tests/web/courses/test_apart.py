"""Does a second ketamine product wait for the interval that the clinic signs?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical.courses.apart import Dose
from daybreak.clinical.records import KetamineExposure, on
from daybreak.web import ids
from daybreak.web.courses import actions, apart, intervals, plans
from daybreak.web.courses.models import Interval, What, WithoutInterval
from daybreak.web.courses.state import standing
from daybreak.web.patients import records
from daybreak.web.people import naming
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import START, begun, booked, missing
from tests.web.screening.samples import SOON

LAST = START - timedelta(days=10)


def had(patient, doctor, when) -> None:
    told = KetamineExposure("MedicationAdministration/k", "", drug="ketamine", when=when and on(when))
    records.entry(told, patient=patient, by=doctor, at=NOW).save(force_insert=True)


def signed(site, doctor, days="14", **other) -> Interval:
    told = {"reason": "our pharmacist", "seen": None, "by": doctor, "at": SOON, "key": ids.new()} | other
    return intervals.sign(site, days, **told)


def test_without_a_signed_interval_a_visit_waits_for_a_written_reason(
    patient, doctor, desk, chair, decided, django_assert_max_num_queries
) -> None:
    had(patient, doctor, LAST)
    course = begun(patient, doctor)
    visit = booked(patient, chair, desk, step=1)
    assert "apart" in missing(visit)
    client, page = signed_in(doctor), f"/patients/{patient.id}/course/"
    assert "has signed no interval" in client.get(page, secure=True).content.decode()
    sent = {"do": "go_on", "course": course.id, "why": "weeks ago, one dose", "seen": LAST, "key": ids.new()}
    assert client.post(page, sent | {"seen": "2020-01-01"}, secure=True).status_code == 409
    sent["key"] = ids.new()
    for _ in range(2):
        assert client.post(page, sent, secure=True).status_code == 302
    assert WithoutInterval.objects.get().newest == LAST
    assert "apart" not in missing(visit)
    had(patient, doctor, LAST + timedelta(days=2))
    assert "apart" in missing(visit), "the reason was not about this dose"
    with pytest.raises(Forbidden):
        intervals.go_on(course, "x", seen="", by=desk, at=SOON, key=ids.new())
    signed_in_desk = signed_in(desk)
    with django_assert_max_num_queries(16):
        assert signed_in_desk.get(f"/calendar/?day={START}", secure=True).status_code == 200


def test_within_the_signed_interval_a_course_is_refused_and_a_visit_is_not_firm(
    site, patient, doctor, desk, chair, decided
) -> None:
    first = signed(site, doctor)
    had(patient, doctor, LAST)
    with pytest.raises(Refused, match=f"ketamine was on {LAST}.*esketamine would be on {START}.*14 days") as refused:
        begun(patient, doctor)
    assert "最后一次使用氯胺酮" in refused.value.sentence("zh-hans")
    with pytest.raises(Conflict):
        signed(site, doctor, "10")
    signed(site, doctor, "10", seen=first.id)
    begun(patient, doctor)
    visit = booked(patient, chair, desk, step=1)
    assert not {"apart", "apart_soon", "apart_unknown"} & set(missing(visit))
    actions.move(
        visit,
        chair=chair,
        starts=standing(visit).starts - timedelta(days=1),
        minutes=150,
        seen=2,
        by=desk,
        at=SOON,
        key=ids.new(),
    )
    assert "apart_soon" in missing(visit)
    had(patient, doctor, None)
    assert "apart_unknown" in missing(visit), "nobody knows when"


def test_a_treatment_done_here_under_another_product_counts(site, patient, doctor, desk, chair, decided) -> None:
    course = begun(patient, doctor)
    visit = booked(patient, chair, desk, step=1)
    at = standing(visit).starts
    told = {"why": "", "text": "", "by": desk, "at": at}
    actions.happened(visit, What.ARRIVED, seen=2, key=ids.new(), **told)
    plans.end(course, "switched", text="", by=doctor, at=at, key=ids.new())
    asked = {"site_id": site.id, "protocol": "ketamine-iv-va", "first": START + timedelta(days=3)}
    assert apart.before([patient.id], **asked).unsigned
    signed(site, doctor, "4")
    found = apart.before([patient.id], **asked).soon
    assert found == Dose("esketamine", on(START))
    assert apart.before([patient.id], **asked | {"first": START + timedelta(days=4)}).soon is None


def test_a_prescriber_signs_it_on_its_page_and_nobody_elses_site(site, doctor, person) -> None:
    ada = person("ada", Role.ADMINISTRATOR)
    other_site = naming.add_site("Harbour", by=ada, at=NOW, key=ids.new())
    client, page = signed_in(doctor), "/clinic/two-products/"
    sent = {"site": site.id, "days": "21", "reason": "our pharmacist", "key": ids.new()}
    assert client.post(page, sent | {"days": "soon"}, secure=True).status_code == 422
    assert client.post(page, sent | {"site": other_site.id}, secure=True).status_code == 404
    sent["key"] = ids.new()
    for _ in range(2):
        assert client.post(page, sent, secure=True).status_code == 302
    assert Interval.objects.get().days == 21
    shown = client.get(page, secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert "至少 21 天" in shown
