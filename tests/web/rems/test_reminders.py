"""Does the clock ask in time, once for each step, for what ends, and for a form that is still owed?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daybreak.web import ids, zones
from daybreak.web.people import grants
from daybreak.web.refusals import Refused
from daybreak.web.rems import certifying, chasing, lapses
from daybreak.web.rems.models import Certification, Enrolment
from daybreak.web.tasks import actions
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import begun
from tests.web.rems.programme import certified, enrolled
from tests.web.rems.samples import file, over, sign
from tests.web.rems.test_programme import taught
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)
LAST = NOW.date() + 40 * DAY


def waits(start: str = "rems") -> list[str]:
    return sorted(
        one.what.removeprefix("rems.task_") for one in still_open(Task.objects.filter(source__startswith=start))
    )


def look(day: date) -> int:
    return lapses.look(at=NOW + (day - NOW.date()))


def ends(row, site, by, **of) -> None:
    (certified if isinstance(row, Certification) else enrolled)(*of.values(), site, by, replaces=row, expires=LAST)


@pytest.fixture
def ending(site, patient, doctor, nurse, decided):
    """A course, and everything ends on the same day."""
    begun(patient, doctor)
    ends(Certification.objects.get(), site, doctor)
    ends(Enrolment.objects.get(), site, doctor, patient=patient)
    return taught(site, nurse, doctor, expires=LAST)


def test_each_end_is_asked_for_at_thirty_fourteen_and_seven_days_and_when_it_is_over(
    ending, site, doctor, nurse
) -> None:
    for left, made, of in (
        (31, 0, ""),
        (30, 3, ""),
        (30, 0, ""),
        (14, 3, ""),
        (7, 3, ""),
        (0, 0, ""),
        (-1, 3, "_over"),
    ):
        assert look(LAST - left * DAY) == made, left
        assert waits() == (
            [] if left == 31 else sorted(f"{one}{of}" for one in ("certification", "enrolment", "training"))
        )
    told = {"number": "S-2", "representative": "Dr. Okafor", "address": "", "email": "", "since": LAST, "expires": None}
    now = Certification.objects.get(replaced_by__isnull=True)
    about = {"seen": now.id, "by": doctor, "at": NOW + 42 * DAY, "key": ids.new()}
    certifying.certify(site, **told, no_last_day=True, **about)
    assert waits() == ["enrolment_over", "training_over"]


def test_nobody_is_asked_about_whom_it_concerns_no_longer(site, patient, doctor, nurse, decided) -> None:
    ends(Enrolment.objects.get(), site, doctor, patient=patient)
    taught(site, nurse, doctor, expires=LAST)
    grants.disable(nurse, by=None, at=NOW)
    assert (look(LAST), waits()) == (0, [])


def test_a_site_that_treats_uncertified_is_asked_once(site, patient, doctor, decided) -> None:
    begun(patient, doctor)
    row = Certification.objects.get()
    gone = certified(site, doctor, replaces=row, ended=True, reason="over", expires=None)
    assert (look(NOW.date()), look(NOW.date()), waits()) == (1, 0, ["uncertified"])
    told = {"number": "S-2", "representative": "Dr. Okafor", "address": "", "email": "", "since": NOW.date()}
    about = {"seen": gone.id, "by": doctor, "at": NOW, "key": ids.new()}
    certifying.certify(site, **told, expires=None, no_last_day=True, **about)
    assert waits() == []


def test_a_form_that_is_owed_climbs_to_the_next_role_and_ends_only_by_its_proof(
    session, nurse, doctor, noon, person
) -> None:
    at = over(session, nurse, noon)
    seen = []
    for day in range(9):
        made = chasing.look(at=at + day * DAY)
        assert chasing.look(at=at + day * DAY) == 0
        seen.append(made)
    assert seen == [0, 0, 0, 1, 0, 1, 2, 0, 0]
    roles = Task.objects.filter(source__startswith="rems ").order_by("id").values_list("role", flat=True)
    assert list(roles) == [
        "nurse",
        "prescriber",
        "administrator",
        *sorted(("prescriber", "administrator"), reverse=True),
    ]
    for task in still_open(Task.objects.filter(source__startswith="rems ")):
        assert (task.patient is None) == (task.role == "administrator")
    mine = Task.objects.get(source=f"rems {session.id}")
    for result in (actions.DONE, actions.NOT_NEEDED):
        with pytest.raises(Refused) as refused:
            actions.close(mine, result=result, text="sent", by=nurse, at=at, key=ids.new())
        assert refused.value.id == "rems.task_owed"
    page = signed_in(nurse).get(f"/tasks/{mine.id}/", secure=True).content.decode()
    assert "owed to the programme until somebody proves" in page
    file(sign(session, nurse, at), nurse, at, day=zones.day(at, session.site.zone))
    assert waits() == []
    assert chasing.look(at=at + 9 * DAY) == 0


def test_a_clock_that_was_off_asks_for_the_last_step_alone(session, nurse, noon) -> None:
    at = over(session, nurse, noon)
    assert chasing.look(at=at + 30 * DAY) == 2
