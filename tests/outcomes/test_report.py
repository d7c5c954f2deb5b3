"""Does the report of a small registry say what a person counts by hand, and does nothing look better once an answer is gone?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from daybreak.knowledge import outcomes as knowledge
from daybreak.outcomes.counting import EVERY, LESS, MORE, REMISSION, RESPONSE, WORSE, Group
from daybreak.outcomes.report import Report, plain, report
from daybreak.outcomes.shares import Share
from daybreak.outcomes.store import as_parquet, fill, opened, with_dictionary
from daybreak.outcomes.tables import Course, Event, Patient, Rating, Session

duckdb = pytest.importorskip("duckdb")
BEGUN, TODAY = date(2026, 1, 5), date(2026, 9, 1)
NASAL = Group("esketamine", "nasal")
Tables = dict[str, list[Any]]
# Of each person: the PHQ-9 before, and by day after the first treatment the total (None: not complete), with the suicide item.
PEOPLE: dict[str, tuple[int | None, int | None, dict[int, tuple[int | None, int | None]]]] = {
    "remits": (20, 2, {28: (4, 0), 60: (4, 0), 150: (3, 0)}),
    "responds": (20, 1, {28: (10, 1), 90: (9, 1)}),
    "relapses": (18, 0, {28: (8, 0), 60: (15, 0), 70: (16, 1)}),
    "worse": (16, 0, {28: (20, 2)}),
    "as_before": (16, 0, {24: (6, 0), 28: (12, 0)}),
    "half_answered": (16, 0, {28: (None, None)}),
    "silent": (22, 3, {}),
    "no_rating_before": (None, None, {28: (3, 0)}),
    "too_late": (20, 1, {40: (2, 0)}),
    "better_then_blank": (20, 0, {24: (2, 0), 30: (None, None)}),
}


def tables() -> Tables:
    made: Tables = {"patients": [], "courses": [], "sessions": [], "ratings": [], "events": []}
    for name, (base, item, later) in PEOPLE.items():
        made["patients"].append(Patient(patient=name, site="s", volunteer=False))
        told = {"patient": name, "site": "s", "product": "esketamine", "route": "nasal"}
        made["courses"].append(
            Course(course=f"c-{name}", number=1, protocol="esketamine-nasal-us", started=BEGUN, **told)
        )
        for n in range(8):
            made["sessions"].append(
                Session(
                    session=f"{name}-{n}",
                    course=f"c-{name}",
                    number=n + 1,
                    phase="induction",
                    heard=n < 7,
                    day=BEGUN + timedelta(days=7 * (n // 2) + 3 * (n % 2)),
                    dose_mg=Decimal(56 if n < 2 else 84),
                    deviations=1 if name == "worse" and n == 0 else 0,
                    minutes_to_ready=120 + n,
                    outcome="discharged",
                    **told,
                )
            )
        ratings = {0: (base, item), **later} if base is not None else later
        for day, (total, points) in ratings.items():
            made["ratings"].append(
                Rating(
                    rating=f"{name}-{day}",
                    patient=name,
                    scale="phq-9",
                    day=BEGUN + timedelta(days=day),
                    total=total,
                    suicide_item=points,
                )
            )
    about = {"patient": "worse", "site": "s", "serious": "no"}
    made["events"] += [
        Event(event="1", session="worse-0", term="nausea", **about),
        Event(event="2", session="worse-0", term="nausea", **about),
        Event(event="3", session="worse-1", term=None, **{**about, "serious": "yes"}),
        Event(event="4", session=None, term="nausea", **about),
    ]
    return made


def counted(made: Tables) -> Report:
    with opened() as store:
        for table, rows in made.items():
            fill(store, table, rows)
        return report(store, today=TODAY)


def shares(found: Report, window: str = "four-weeks", protocol: str = EVERY) -> dict[str, Share]:
    (one,) = [
        each for each in found.outcomes if (each.scale, each.window, each.group.protocol) == ("phq-9", window, protocol)
    ]
    return dict(one.shares)


@pytest.fixture(scope="module")
def found() -> Report:
    return counted(tables())


def test_everybody_whose_window_is_over_is_in_the_denominator(found: Report) -> None:
    told = shares(found)
    assert told[RESPONSE] == Share(3, 5, 10)
    assert told[REMISSION] == Share(1, 5, 10)
    assert told[WORSE] == Share(1, 5, 10)
    assert shares(found, protocol="esketamine-nasal-us") == told


def test_thoughts_of_suicide_are_less_only_for_who_had_them_and_more_for_anybody(found: Report) -> None:
    told = shares(found)
    assert told[LESS] == Share(
        1, 2, 5
    )  # remits; responds is as before; silent, too_late and no_rating_before are missing
    assert told[MORE] == Share(1, 5, 10)


def test_a_window_that_is_still_open_counts_nobody() -> None:
    with opened() as store:
        for table, rows in tables().items():
            fill(store, table, rows)
        early = report(store, today=BEGUN + timedelta(days=35))
        assert not [one for one in early.outcomes if one.window == "four-weeks"]


def test_a_response_is_held_until_it_is_lost_twice_in_a_row(found: Report) -> None:
    (one,) = [each for each in found.held if each.scale == "phq-9"]
    # relapses is lost on day 70; too_late and better_then_blank respond and are not seen again; the others were seen last.
    steps = [(step.day, step.lost, step.censored) for step in one.curve.steps]
    assert steps == [(0, 0, 2), (4, 0, 1), (42, 1, 0), (62, 0, 1), (122, 0, 1)]
    assert one.curve.of == 6


def test_treatments_are_told_with_what_nobody_wrote_down(found: Report) -> None:
    every = {(one.group.protocol, one.phase): one for one in found.treatments}
    whole = every[EVERY, ""]
    assert (whole.sessions, whole.patients, whole.unheard) == (80, 10, 10)
    assert (whole.dose_mg.n, whole.dose_mg.quartiles) == (80, (56.0, 84.0, 84.0))
    assert whole.deviating == Share(1, 80, 80)
    assert every["esketamine-nasal-us", "induction"].sessions == 80
    assert [one.share for one in found.still if one.days == 28 and not one.group.protocol] == [Share(0, 10, 10)]


def test_events_are_told_by_term_and_those_of_no_treatment_are_not_of_one(found: Report) -> None:
    told = [(one.term, one.own_words, one.events, one.serious) for one in found.harms]
    assert sorted(told) == [("", False, 3, 1), ("", True, 1, 1), ("nausea", False, 2, 0)]
    (chart,) = found.charts
    assert chart.harmed.points[0].value == pytest.approx(2 / 80)


def test_the_report_is_plain_data_with_bounds_beside_every_share(found: Report) -> None:
    told = plain(found)
    assert json.loads(json.dumps(told)) == told
    one = next(each for each in told["outcomes"] if each["figure"] == RESPONSE and each["window"] == "four-weeks")
    assert (one["percent"], one["coverage_percent"], one["bounds"]) == (60.0, 50.0, [30.0, 80.0])
    assert all("bounds" in each and "of" in each for each in (*told["outcomes"], *told["retention"]))


@pytest.mark.parametrize("n", range(len(tables()["ratings"])))
def test_an_answer_that_is_taken_away_never_makes_a_bound_better(found: Report, n: int) -> None:
    made = tables()
    one = made["ratings"][n]
    made["ratings"][n] = replace(one, total=None, suicide_item=None)
    blank = shares(counted(made))
    for figure in (RESPONSE, REMISSION):
        before, after = shares(found)[figure], blank[figure]
        assert after.of == before.of
        assert after.bounds[0] <= before.bounds[0]  # type: ignore[index]
    for figure in (WORSE, MORE):
        assert blank[figure].bounds[1] >= shares(found)[figure].bounds[1]  # type: ignore[index]


def test_the_files_hold_the_tables_and_what_each_column_means(tmp_path: Path) -> None:
    with opened(tmp_path / "registry.duckdb") as store:
        for table, rows in tables().items():
            fill(store, table, rows)
        with_dictionary(store)
        made = as_parquet(store, tmp_path)
    assert {one.name for one in made} == {
        f"{one}.parquet" for one in ("patients", "courses", "sessions", "ratings", "events", "dictionary")
    }
    with duckdb.connect(str(tmp_path / "registry.duckdb"), read_only=True) as kept:
        assert kept.execute("SELECT count(*), sum(dose_mg) FROM sessions").fetchone() == (
            80,
            Decimal(10 * (2 * 56 + 6 * 84)),
        )
        assert kept.execute("SELECT means FROM dictionary WHERE \"column\" = 'heard'").fetchone() is not None
        assert kept.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(tmp_path / "sessions.parquet")]
        ).fetchone() == (80,)


def test_every_scale_of_the_registry_says_what_it_counts() -> None:
    assert [one.scale for one in knowledge.cuts()] == ["phq-9", "madrs", "qids-sr16"]
    assert {one.remission_at_most for one in knowledge.cuts() if one.scale == "madrs"} == {10}
    assert {one["window"] for one in knowledge.published()} <= {one["id"] for one in knowledge.windows()}
