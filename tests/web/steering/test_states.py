"""Does the page show the state at each rating with its formula, and never somebody better than is known?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.followup.response import State
from daybreak.web import ids
from daybreak.web.assessments import goals
from daybreak.web.assessments.results import Rating
from daybreak.web.courses import queries
from daybreak.web.courses.models import What
from daybreak.web.forms import actions
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode
from daybreak.web.steering import states, treated
from tests.web.adverse import samples as adverse
from tests.web.assessments.test_results import rate
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import START, booked, happens
from tests.web.forms.samples import FOLLOWED

WEEK = timedelta(days=7)


def phq(points: int, last: str = "0") -> dict[str, str]:
    return {str(n): str(points) for n in range(1, 9)} | {"9": last}


def rated(*totals: int | None, scale: str = "phq-9", from_: int = 0) -> list[Rating]:
    return [Rating(scale, START + n * WEEK, one) for n, one in enumerate(totals, from_)]


def shown(ratings: list[Rating], *, scale: str = "phq-9") -> states.Course | None:
    return states.course(scale, ratings, treated=[START], today=ratings[-1].day)


def test_the_state_at_each_rating_stands_on_the_page_with_formula_signal_and_next_look(course, patient, doctor) -> None:
    rate(patient, doctor, "phq-9", phq(2))
    rate(patient, doctor, "phq-9", phq(1), weeks=-1)
    rate(patient, doctor, "phq-9", phq(1, NOT_SAID) | FOLLOWED, weeks=-2)
    client = signed_in(doctor)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/patients/{patient.id}/assessments/", secure=True).content.decode()
    assert len(asked) <= 16, "one of them about the call that the blank answer makes"
    for said in (
        "At the newest rating: Cannot be known",
        f"compared with 16 of {NOW.date()}, the last before the first treatment ({START})",
        "8 points · 50.0 %",
        "improvement ÷ total before the first treatment is at least 50 %",
        "at least 25 % worse",
        "Ratings with a total since the response: 1; at least 5 are needed",
        f"Look again on {(NOW + 3 * WEEK).date()} at the earliest",
    ):
        assert said in page, said
    chinese = client.get(f"/patients/{patient.id}/assessments/", secure=True, headers={"accept-language": "zh-hans"})
    assert "最近一次评分：无法判断" in chinese.content.decode()


def test_before_the_first_treatment_there_is_no_state(patient, doctor, decided) -> None:
    rate(patient, doctor, "phq-9", phq(2))
    page = signed_in(doctor).get(f"/patients/{patient.id}/assessments/", secure=True).content.decode()
    assert "since the first treatment" not in page


@pytest.mark.parametrize(
    ("ratings", "state"),
    [
        (rated(20, 8), State.RESPONSE),
        (rated(20, 8, from_=-6), State.UNKNOWN),  # six and five weeks before are too long ago
        (rated(3, 20, 8, from_=-1), State.RESPONSE),  # on the day itself it is asked before the dose
        (rated(20, None, 8, from_=-1), State.RESPONSE),  # one without a total is not the one before
        (rated(None, 8), State.UNKNOWN),
        (rated(20, None), State.UNKNOWN),
        (rated(20), State.UNKNOWN),
    ],
)
def test_what_a_rating_is_compared_with(ratings, state) -> None:
    found = shown(ratings)
    assert found is not None
    assert found.state is state


def test_a_scale_without_figures_and_a_course_without_a_treatment_have_no_state() -> None:
    assert shown(rated(20, 8, scale="pcl-5"), scale="pcl-5") is None
    assert states.course("phq-9", rated(20, 8), treated=[], today=START) is None


def test_a_response_that_goes_calls_and_after_the_next_response_the_chart_begins_anew() -> None:
    found = shown(rated(20, 5, 6, 5, 6, 9))
    assert found is not None
    assert (found.state, found.calls) == (State.RESPONSE, True), "still a response, and beyond the own limit"
    found = shown(rated(20, 5, 6, 5, 6, 12, 12))
    assert found is not None
    assert (found.state, found.calls) == (State.RELAPSE, True)
    found = shown(rated(20, 5, 6, 5, 6, 12, 12, 8))
    assert found is not None
    assert (found.state, found.calls) == (State.RESPONSE, False)
    assert found.control is not None
    assert found.control.why.id == "control.too-few"
    found = shown(rated(20, 18, 19))
    assert found is not None
    assert found.control is None


def test_a_visit_that_was_lost_is_no_treatment(course, patient, desk, chair) -> None:
    lost = booked(patient, chair, desk, step=2, starts=NOW + timedelta(days=9))
    happens(lost, What.NO_SHOW, desk, why="ill")
    found = treated.newest(queries.courses(patient), queries.of(patient))
    assert found is not None
    assert (found[0], found[1]) == (course, [START])


def test_events_silence_and_the_changes_that_matter_stand_in_the_drawing_and_in_words(course, patient, doctor) -> None:
    rate(patient, doctor, "phq-9", phq(2))
    told = {"mode": Mode.LINK, "language": "en", "by": doctor, "at": NOW, "key": ids.new()}
    actions.ask(patient, "assessment:phq-9", **told)
    adverse.make(patient, course.site, doctor)
    page = signed_in(doctor).get(f"/patients/{patient.id}/assessments/", secure=True).content.decode()
    drawn = page[page.index("<svg") : page.index("</svg>")]
    for said in ("△ adverse event · ◇ asked, no answer", f"{NOW.date()}: asked, no answer"):
        assert said in drawn, said
    assert drawn.count('class="c-matters"') == 2
    assert "between 1.7 and 6 points better than before the first treatment (16)" in page
    assert f"{NOW.date()}</th><td>asked, no answer" in page


def test_the_changes_that_matter_are_those_of_sources_and_in_points() -> None:
    found = goals.matters("madrs", 30, "en")
    assert found is not None
    assert (found.upper, found.lower) == (24, 18)
    assert "ins-daybreak" not in goals.matters("phq-9", 20, "en").sentence
    assert goals.matters("madrs", 11, "en") is None
    assert goals.matters("madrs", None, "en") is None
    assert goals.matters("who-5", 20, "en") is None
