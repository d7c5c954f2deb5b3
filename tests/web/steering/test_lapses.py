"""Does everything that a next dose needs stand on one list before it ends, and is somebody asked once for each step?"""

from __future__ import annotations

import json
from datetime import timedelta

from daybreak.web import ids
from daybreak.web.authorisation.models import Event
from daybreak.web.authorisation.models import What as Step
from daybreak.web.courses import plans
from daybreak.web.rems.models import Certification, Enrolment
from daybreak.web.steering.lapses import SOURCE, Kind, lapses, look
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import agreed, booked

DAY = timedelta(days=1)
START = NOW + 7 * DAY  # the day after the first treatment


def found(course, *, days: int) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.left, one.step) for one in lapses([course], at=START + days * DAY)]


def granted(course, desk, *, until) -> None:
    paid = make(course.patient, course.site, desk, id=ids.new())
    told = {
        "number": "A1",
        "start": NOW.date().isoformat(),
        "until": until.isoformat(),
        "amount": "12",
        "unit": "treatments",
    }
    common = {"organisation_id": course.organisation_id, "created": NOW, "by": desk}
    step = {"what": Step.APPROVED, "day": NOW.date(), "told": json.dumps(told)}
    Event.objects.create(id=ids.new(), authorisation=paid, seq=2, **step, **common)


def asked() -> list[str]:
    rows = still_open(Task.objects.filter(source__startswith=SOURCE))
    return sorted(" ".join(one.source.split(" ")[3:]) for one in rows)


def test_each_kind_stands_on_the_list_by_its_days(course, patient, doctor, desk, chair) -> None:
    last = (START + 60 * DAY).date()
    granted(course, desk, until=last)
    agreed(patient, doctor)
    booked(patient, chair, desk, starts=START + 65 * DAY, step=2)
    common = {"organisation_id": course.organisation_id, "created": NOW, "by": doctor, "site": course.site}
    for model, more in ((Enrolment, {"patient": patient, "number": "7"}), (Certification, {"number": "9"})):
        old = model.objects.filter(site=course.site, replaced_by__isnull=True).get()
        kept = {"representative": "x"} if model is Certification else {}
        row = {"since": NOW.date(), "expires": last, "replaces": old, **more, **kept, **common}
        model.objects.create(id=ids.new(), **row)
    assert found(course, days=29) == []
    three = [("authorisation", 30, 30), ("certification", 30, 30), ("enrolment", 30, 30)]
    assert found(course, days=30) == three
    assert [one[2] for one in found(course, days=46)] == [14, 14, 14, 30]
    assert [one[2] for one in found(course, days=53)][:3] == [7, 7, 7]
    assert [one[1:] for one in found(course, days=61)][:3] == [(-1, 0)] * 3
    consents = [one for one in lapses([course], at=START + 360 * DAY) if one.kind == Kind.CONSENT]
    assert len(consents) == 1
    page = signed_in(desk).get("/lapses/", secure=True)
    assert page.status_code == 200


def test_without_a_booked_treatment_it_is_said_at_once_and_once(course, patient, desk, chair) -> None:
    assert found(course, days=0) == [("visit", -1, 0)]
    assert [look(at=START), look(at=START + DAY)] == [1, 0]
    assert asked() == ["visit none 0"]
    page = signed_in(desk).get("/lapses/", secure=True).content.decode()
    assert "No treatment is booked" in page
    assert f"/patients/{patient.id}/course/" in page
    booked(patient, chair, desk, starts=START + 40 * DAY, step=2)
    assert look(at=START + DAY) == 0
    assert asked() == [], "what was asked for is there"


def test_the_clock_asks_once_for_each_step_and_the_nearer_takes_the_place(course, patient, desk, chair) -> None:
    last = (START + 40 * DAY).date()
    granted(course, desk, until=last)
    booked(patient, chair, desk, starts=START + 100 * DAY, step=2)
    made = [look(at=START + one * DAY) for one in (9, 10, 11, 26, 30, 33, 41, 42)]
    assert made == [0, 1, 0, 1, 0, 1, 1, 0]
    assert asked() == [f"authorisation {last} 0"]
    assert Task.objects.filter(source__startswith=SOURCE).count() == 4


def test_a_course_that_is_over_needs_nothing(course, doctor) -> None:
    assert look(at=START) == 1
    plans.end(course, "wish", text="", by=doctor, at=START, key=ids.new())
    assert look(at=START + DAY) == 0
    assert asked() == []
