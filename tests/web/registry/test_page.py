"""Does the page of outcomes begin with whom nobody knows of, and is it closed to whoever may not read patients?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.knowledge import outcomes
from daybreak.web.audit.models import Entry
from daybreak.web.registry import drawn, shown
from daybreak.web.registry.stored import counted
from tests.outcomes.test_report import counted as of_tables
from tests.outcomes.test_report import tables
from tests.web.adverse.test_rates import ended
from tests.web.conftest import signed_in
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "ended", "noon", "nurse", "patient", "session", "watched"]


def test_it_is_read_by_who_may_read_patients_and_says_so_in_the_trail(ended, nurse, desk) -> None:
    assert signed_in(desk).get("/outcomes/", secure=True).status_code == 403
    client = signed_in(nurse)
    client.get("/outcomes/", secure=True)
    with CaptureQueriesContext(connection) as asked:
        told = html.unescape(client.get("/outcomes/?treatment=nothing/known&scale=madrs", secure=True).content.decode())
    assert Entry.objects.filter(object_type="registry").exists()
    assert "1 people, 1 treatments" in told
    assert told.index("Of whom do we know") < told.index("How long a response holds")
    assert "for nobody is this time over yet" in told
    if connection.vendor == "sqlite":
        assert len(asked) <= 20


def test_without_anybody_treated_it_says_so(nurse) -> None:
    assert "nothing to count" in signed_in(nurse).get("/outcomes/", secure=True).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_figure_stands_with_whom_it_is_of(language: str) -> None:
    found = of_tables(tables())
    (group,) = found.groups
    page = shown.page(found, group, "phq-9", language)
    four, after, _ = page["windows"]
    assert (four["followed"], four["of"], four["coverage"]) == (5, 10, "50.0")
    response = four["lines"][0]
    assert (response["n"], response["followed"], response["of"], response["percent"]) == (3, 5, 10, "60.0")
    assert {"30.0", "80.0"} <= set(response["bounds"].split(" "))
    assert after["published"] == [], "a published cohort of another medicine does not stand beside"
    assert [one["events"] for one in page["harms"]] == [3, 2, 1]
    assert page["treatments"][0]["unheard"] == 10
    assert page["curve"]["lines"] == [], "too few are followed for a curve"


def test_a_published_cohort_without_a_denominator_gets_no_bounds() -> None:
    found = of_tables(tables())
    (group,) = found.groups
    (cohort,) = shown.page(found, group, "phq-9", "en")["windows"][2]["published"]
    assert [(one["followed"], one["of"], one["bounds"]) for one in cohort["lines"]] == [(116, None, None)] * 2


def test_marks_lie_where_their_figures_are() -> None:
    found = of_tables(tables())
    held = next(one.curve for one in found.held if one.scale == "phq-9")
    falls = drawn.falling(held, 1)
    assert falls is not None
    assert falls["last"] == 122
    assert falls["line"].startswith("M44.0 12.0")
    assert drawn.falling(held, outcomes.least_at_risk()) is None
    (charts,) = found.charts
    assert drawn.running(charts.ready) is None or len(charts.ready.points) > 1


def test_the_report_of_a_site_counts_nobody_twice(ended, site) -> None:
    found = counted([site], at=datetime.now(UTC) + timedelta(days=1))
    assert found.sizes["patients"] == found.sizes["courses"] == 1
