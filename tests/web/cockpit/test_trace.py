"""Is a session drawn where its numbers are, whatever was or was not recorded, and does the table say the same?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.web.cockpit.scale import LEFT, RIGHT, WIDTH, across, elapsed
from daybreak.web.cockpit.trace import OXYGEN, PRESSURE, drawn, pressure_said
from daybreak.web.cockpit.trace_said import said
from daybreak.web.cockpit.trace_table import Table, table
from daybreak.web.cockpit.traced import ALARM, Graded, Mark, Pressure, Reading, Running, Step, Trace
from daybreak.web.words import LANGUAGES
from tests.web.cockpit.traces import TEN, after, any_trace, ordinary

NS = "{http://www.w3.org/2000/svg}"
SIGNS = ("bp", "hr", "spo2-dot", "breath", "sed", "dis", "nothing")


def picture(trace: Trace, language: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(drawn(trace, title="Session", desc=said(trace, language=language), language=language))


def shapes(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if kind in one.get("class", "").split()]


def points(path: ElementTree.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])]


def written(root: ElementTree.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{NS}text")]


def seen(root: ElementTree.Element) -> list[str]:
    """What every sign of the drawing says, without the steps' and lines' own shapes."""
    found = [one for kind in SIGNS for one in shapes(root, kind)]
    return [title for one in found if (title := one.findtext(f"{NS}title")) is not None]


def count(trace: Trace) -> int:
    graded = sum(len(row.steps) for row in trace.graded)
    return len(trace.pressures) + len(trace.rates) + len(trace.saturations) + len(trace.breaths) + graded


def cells(found: Table) -> list[str]:
    return [cell for row in found.rows for cell in row[2:-1] if cell]


# ---------- where things lie ----------
def test_a_pressure_is_two_carets_and_a_bar_at_its_minute() -> None:
    one = Pressure(after(30), Decimal(150), Decimal(90))
    trace = Trace("UTC", TEN, None, zero=TEN, until=after(120), pressures=(one,))
    axis, root = across(trace), picture(trace)
    x = axis.x(after(30))
    # From 40 to 180 over 110 units: 150 lies 30 of 140 below the top, 90 lies 90 of 140.
    systolic, diastolic = 32 + 110 * 30 / 140, 32 + 110 * 90 / 140
    (path,) = shapes(root, "bp")
    (_, y1), (tip_x, tip_y), _, (_, y2), (foot_x, foot_y), _, *bar = points(path)
    assert (tip_x, foot_x) == pytest.approx((x, x), abs=0.06)
    assert (tip_y, foot_y) == pytest.approx((systolic, diastolic), abs=0.06)
    assert y1 < tip_y  # the caret of the systolic points down
    assert y2 > foot_y  # that of the diastolic up
    assert bar == [(pytest.approx(x, abs=0.06), tip_y), (pytest.approx(x, abs=0.06), foot_y)]


def test_the_axis_goes_by_minutes() -> None:
    axis = across(ordinary())
    minute = axis.x(after(1)) - axis.x(TEN)
    assert axis.x(after(61)) - axis.x(after(60)) == pytest.approx(minute)
    assert [label for _, label in axis.ticks()] == [
        "−0:15",
        "0:00",
        "0:15",
        "0:30",
        "0:45",
        "1:00",
        "1:15",
        "1:30",
        "1:45",
        "2:00",
    ]


def test_before_a_dose_the_axis_says_the_hour_at_the_site() -> None:
    labels = [label for _, label in across(ordinary(zero=None, last=())).ticks()]
    assert "10:00" in labels


@pytest.mark.parametrize("hours", [1, 2, 5, 11, 30, 100])
def test_a_long_session_has_few_marks_on_its_axis(hours: int) -> None:
    ticks = list(across(Trace("UTC", TEN, after(60 * hours), zero=TEN)).ticks())
    assert 2 <= len(ticks) <= 12
    assert all(b - a > 60 for (a, _), (b, _) in pairwise(ticks))


def test_a_clock_that_is_put_back_moves_nothing() -> None:
    """In New York one o'clock came twice that night: sixty minutes are as wide before it as across it."""
    zero = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    axis = across(Trace("America/New_York", zero, zero + timedelta(hours=4), zero=zero))
    hours = [axis.x(zero + timedelta(hours=n)) for n in range(5)]
    assert len({round(b - a, 6) for a, b in pairwise(hours)}) == 1
    assert [axis.hour(zero + timedelta(hours=n)) for n in range(3)] == ["00:30", "01:30", "01:30"]


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0:00"), (-0.5, "0:00"), (-1, "−0:01"), (59.99, "0:59"), (60, "1:00"), (1500, "25:00")]
)
def test_time_since(minutes: float, text: str) -> None:
    assert elapsed(timedelta(minutes=minutes)) == text


def test_the_scale_gives_way_to_a_value_and_not_to_a_typing_error() -> None:
    high = Trace("UTC", TEN, None, pressures=(Pressure(TEN, Decimal(214), Decimal(36)),))
    numbers = written(picture(high))
    assert {"220", "30"} <= set(numbers)
    wild = Trace("UTC", TEN, None, pressures=(Pressure(TEN, Decimal(1700), Decimal(98)),))
    root = picture(wild)
    assert "300" in written(root)
    assert min(y for _, y in points(shapes(root, "bp")[0])) == pytest.approx(PRESSURE[0] - 5)
    assert "0:00" not in written(root)  # without a first dose there is no time since it
    assert seen(root)[0].endswith("1700/98")


def test_what_gave_no_number_is_a_question_mark_and_no_number() -> None:
    trace = Trace(
        "UTC",
        TEN,
        None,
        pressures=(Pressure(TEN, Decimal(150), None), Pressure(after(5), None, None)),
        saturations=(Reading(after(5), None),),
        graded=(Graded("MOAA/S", "sed", 5, (Step(after(5), None),)),),
    )
    root = picture(trace)
    assert len(shapes(root, "nothing")) == 4
    assert not shapes(root, "bp")
    assert not shapes(root, "spo2-dot")
    assert not shapes(root, "sed")
    assert cells(table(trace, language="en")) == ["150/?", "?/?", "?", "?"]


# ---------- where knowledge ends ----------
def test_oxygen_is_a_line_only_as_long_as_a_reading_holds() -> None:
    def joined(minutes: float) -> int:
        pair = (Reading(TEN, Decimal(97)), Reading(after(minutes), Decimal(96)))
        trace = Trace("UTC", TEN, after(minutes), saturations=pair, holds=timedelta(minutes=10))
        return len(shapes(picture(trace), "spo2"))

    assert [joined(9), joined(10), joined(11)] == [1, 1, 0]


def test_oxygen_that_stopped_ends_in_an_open_circle() -> None:
    def ends(now: float) -> int:
        trace = Trace("UTC", TEN, after(now), saturations=(Reading(TEN, Decimal(97)),), holds=timedelta(minutes=10))
        return len(shapes(picture(trace), "spo2-end"))

    assert [ends(10), ends(11)] == [0, 1]


def test_a_grade_is_solid_to_the_last_look_and_dotted_since() -> None:
    trace = ordinary()
    axis, root = across(trace), picture(trace)
    paths = [one for one in shapes(root, "step") if "sed" in one.attrib["class"].split()]
    solid = [one for one in paths if "unseen" not in one.attrib["class"]]
    (dotted,) = [one for one in paths if "unseen" in one.attrib["class"]]
    assert len(solid) == 2
    assert max(x for one in solid for x, _ in points(one)) == pytest.approx(axis.x(after(30)), abs=0.06)
    assert [x for x, _ in points(dotted)] == pytest.approx([axis.x(after(30)), axis.x(after(47))], abs=0.06)
    closed = picture(replace(trace, now=None))
    assert not shapes(closed, "unseen")
    assert not shapes(closed, "now")


def test_both_limits_are_drawn_and_the_nearer_one_stands_out() -> None:
    root = picture(ordinary())
    lines = {
        one.attrib["class"]: float(one.attrib["y1"])
        for one in shapes(root, "limit")
        if float(one.attrib["y1"]) < OXYGEN[0]
    }
    assert lines["limit-far limit" if "limit-far limit" in lines else "limit limit-far"] < lines["limit"]
    assert {"own baseline + 40", "alarm"} <= set(written(root))


def test_an_infusion_that_still_runs_reaches_the_line_of_now() -> None:
    trace = Trace("UTC", TEN, after(30), zero=TEN, runs=(Running(TEN, None, "infusion"),))
    axis = across(trace)
    (bar,) = shapes(picture(trace), "running")
    end = float(bar.attrib["x"]) + float(bar.attrib["width"])
    assert end == pytest.approx(axis.x(after(30)), abs=0.11)


# ---------- every reading, once ----------
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_trace, st.sampled_from(list(LANGUAGES)))
def test_every_reading_stands_once_in_the_drawing_and_once_in_the_table(trace: Trace, language: str) -> None:
    root, found = picture(trace, language), table(trace, language=language)
    assert len(seen(root)) == count(trace)
    told = cells(found)
    graded_words = any("," in step.said for row in trace.graded for step in row.steps)
    if not graded_words:
        both = sum(cell.count(", ") + 1 - _levels(cell) for cell in told)
        assert both == count(trace)
    assert all(len(row) == len(found.head) for row in found.rows)


def _levels(cell: str) -> int:
    """So many commas stand within brackets."""
    return sum(part.count(", ") for part in re.findall(r"\(([^()]*)\)", cell))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_trace)
def test_nothing_lies_outside_and_all_text_is_only_text(trace: Trace) -> None:
    root = picture(trace)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert width == WIDTH
    for one in root.iter(f"{NS}rect"):
        x, y, w, h = (float(one.attrib[k]) for k in ("x", "y", "width", "height"))
        assert LEFT - 0.1 <= x <= x + w <= WIDTH - RIGHT + 4
        assert 0 <= y <= y + h <= height
    for one in root.iter(f"{NS}text"):
        assert 0 <= float(one.attrib["x"]) <= width
        assert 0 <= float(one.attrib["y"]) <= height
    for one in root.iter(f"{NS}path"):
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points(one))
    assert {one.tag.removeprefix(NS) for one in root.iter()} <= {
        *("svg", "title", "desc", "rect", "line", "text", "tspan", "path", "circle")
    }


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_trace)
def test_words_do_not_stand_on_each_other_above_the_rows(trace: Trace) -> None:
    """On the two lines of words above the chart; what finds no room stays in the title of its mark."""
    root = picture(trace)
    for line in (12, 25):
        here = sorted(
            (float(one.attrib["x"]), "".join(one.itertext()))
            for one in root.iter(f"{NS}text")
            if float(one.attrib["y"]) == line
        )
        for (x, text), (after_x, _) in pairwise(here):
            assert after_x - x >= len(text) * 6


def test_an_empty_session_is_drawn_and_says_so() -> None:
    trace = Trace("UTC", TEN, TEN)
    root = picture(trace)
    assert seen(root) == []
    assert table(trace, language="en").rows == ()
    assert root.findtext(f"{NS}desc") == "No blood pressure was read."


def test_what_it_says_for_whoever_does_not_see_it() -> None:
    told = said(ordinary(), language="en")
    assert "Blood pressure: 7 readings, highest 170/98 at 0:46, last 170/98 at 0:46." in told
    assert "SpO₂, %: 91 to 97, last 91 at 0:24." in told
    assert "Dissociation: last 2 moderate at 0:40." in told


def test_the_table_tells_levels_late_entries_and_what_happened() -> None:
    late = Mark(after(10), "cold hands", late=True)
    trace = ordinary(
        marks=(late,),
        runs=(Running(TEN, after(40), "infusion"),),
        rates=(Reading(after(40), Decimal(101), ALARM, True),),
    )
    found = {row[0]: row for row in table(trace, language="en").rows}
    assert found["0:10"][-1] == "cold hands (entered later)"
    assert found["0:40"][2] == "166/97 (caution)"
    assert found["0:40"][3] == "101 (alarm, entered later)"
    assert found["0:40"][-1] == "infusion ended"
    assert found["0:00"][1] == "10:00"


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "]]>&lt;", '" onload="x', "\x00\x1b", "名" * 400])
def test_nasty_words_stay_words(nasty: str) -> None:
    trace = ordinary(marks=(Mark(after(3), nasty),), graded=(Graded(nasty, "sed", 5, (Step(after(3), 4, nasty),)),))
    svg = drawn(trace, title=nasty, desc=nasty, language="en")
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).tag == f"{NS}svg"


def test_a_pressure_in_words() -> None:
    assert pressure_said(Pressure(TEN, Decimal("120.0"), None)) == "120/?"
