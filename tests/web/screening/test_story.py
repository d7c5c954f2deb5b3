"""Is the drawing of the story well formed, whatever the chart says, and does it say in words what it shows?"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Chart, Episode
from daybreak.clinical.screening.resistance import trd
from daybreak.knowledge.protocols import protocol, protocol_ids
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.web.screening.story import Story, story
from tests.agreement.charts import charts
from tests.clinical.screening.build import (
    DAY,
    chart,
    cleared,
    exposure,
    failed_trial,
    ketamine,
    observation,
    therapy,
    view,
    when,
)

RULES = "sforzini-28d"
NS = "{http://www.w3.org/2000/svg}"


def told(whole: Chart, lang: str = "en") -> Story:
    seen = view(whole)
    return story(seen, trd(seen, RULES), language=language(lang))


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def within(root: ElementTree.Element) -> None:
    """Nothing lies outside the drawing, and no bar has a length below nothing."""
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for rect in root.iter(f"{NS}rect"):
        x, y, w, h = (float(rect.attrib[k]) for k in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width + 4
        assert 0 <= y <= y + h <= height
    for text in root.iter(f"{NS}text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= height


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from(LANGUAGES))
def test_any_chart_is_drawn_well_formed(whole: Chart, lang: str) -> None:
    found = told(whole, lang)
    root = drawn(found.svg)
    within(root)
    assert root.find(f"{NS}desc").text == found.message
    assert root.find(f"{NS}title").text


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_stays_text(nasty: str) -> None:
    record = exposure("sertraline", text=nasty, ingredients=UNREADABLE)
    root = drawn(told(chart(record)).svg)
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        *("svg", "title", "desc", "rect", "line", "text", "tspan", "path", "circle")
    }


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "]]>&lt;", '" onload="x', "\x00\x1b", "名" * 400])
def test_nasty_names(nasty: str) -> None:
    svg = told(chart(exposure("sertraline", text=nasty, ingredients=UNREADABLE))).svg
    assert "<script" not in svg
    drawn(svg)


def test_nothing_on_record_is_said() -> None:
    found = told(chart())
    assert found.trials == () == found.scores
    assert "No antidepressant on record" in found.svg
    assert "When the episode began is not known" in found.svg


def test_what_counts_is_filled_and_what_is_unknown_is_outlined() -> None:
    found = told(
        chart(
            Episode("Condition/md", when("2024-01-10"), "severe"),
            failed_trial("sertraline", 150, "2024-02-01", "2024-05-01"),
            exposure("mirtazapine", dose=None, start="2024-06-01", end="2024-10-01"),
            failed_trial("bupropion", 300, "2024-11-01", "2024-11-14"),
        )
    )
    kinds = [rect.attrib["class"] for rect in drawn(found.svg).iter(f"{NS}rect")]
    assert kinds.count("c-ink") == 1
    assert kinds.count("b-unknown") == 1
    assert kinds.count("b-low") == 2, "bupropion, and beneath the filled days of sertraline"
    assert [(name, verdict) for name, verdict, _ in found.trials] == [
        ("Sertraline", "failed"),
        ("Mirtazapine", "could count"),
        ("Bupropion", "not adequate"),
    ]


def test_the_rows_of_many_trials_do_not_overlap() -> None:
    medicines = ("sertraline", "venlafaxine", "bupropion", "nortriptyline", "mirtazapine", "duloxetine", "citalopram")
    found = told(chart(*(failed_trial(m, 100, "2024-02-01", "2024-05-01") for m in medicines)))
    rows = [float(t.attrib["y"]) for t in drawn(found.svg).iter(f"{NS}text") if t.find(f"{NS}tspan") is not None]
    assert len(rows) == len(medicines)
    assert all(b - a >= 40 for a, b in pairwise(rows))


def test_the_message_counts_and_names_the_scores() -> None:
    whole = cleared()
    scores = (observation("phq-9", 21, "2025-03-01"), observation("phq-9", 17, "2025-09-01"))
    found = told(chart(*whole.exposures, *whole.observations, *scores, whole.episode))
    assert "Steps of treatment that failed: 4" in found.message
    assert "between 17 and 21; the last was 19 on 2026-06-10" in found.message
    assert [value for _, value in found.scores] == ["21", "17", "19"]


def test_the_drawing_says_nothing_of_itself_in_another_language() -> None:
    assert not re.search(r"[a-z]{5,} [a-z]{3,}", told(cleared(), "zh-Hans").message)


def test_every_protocol_names_rules_that_can_be_drawn() -> None:
    seen = view(cleared())
    for id_ in protocol_ids():
        answer = trd(seen, protocol(id_, as_of=DAY).trial_rules)
        drawn(story(seen, answer, language=language("en")).svg)


def tried() -> tuple[object, ...]:
    return (
        Episode("Condition/md", when("2024-01-10"), "severe"),
        exposure("sertraline", dose=150),
        exposure("lithium", dose=900, start="2025-01-01", end="2025-06-01"),
        exposure("quetiapine", dose=150, start="2025-08-01"),
        exposure("quetiapine", dose=25, indication="other"),
        therapy("2024-03-01", "2024-08-01", ref="Procedure/talk"),
        therapy("2025-02-01", "2025-03-01", kind="ect", sessions=8, stop=None),
        therapy("2019", None, kind="tms", sessions=UNREADABLE),
        ketamine("good", "2025-03-03"),
    )


def test_what_was_tried_beside_the_antidepressants_has_rows_and_lines() -> None:
    found = told(chart(*tried()))
    assert found.beside == (
        ("Lithium", "2025-01-01 – 2025-06-01", "900 mg a day"),
        ("Quetiapine", "2025-08-01 – still taken", "150 mg a day"),
        ("Psychotherapy", "2024-03-01 – 2024-08-01", "12 sessions, no effect"),
        ("Electroconvulsive therapy", "2025-02-01 – 2025-03-01", "8 sessions"),
        ("Transcranial magnetic stimulation", "2019", "no effect"),
        ("Earlier ketamine", "2025-03-03", "ketamine, it helped"),
    )
    root = drawn(found.svg)
    within(root)
    texts = [text.text for text in root.iter(f"{NS}text")]
    assert texts.index("Other treatments") > texts.index("Sertraline")
    assert texts.count("←") == 1, "what was over before the axis begins is no bar at its edge"
    assert "Electroconvulsive therapy" in texts
    assert "150 mg a day" in texts


def test_nothing_tried_beside_them_leaves_no_empty_row() -> None:
    found = told(chart(exposure("sertraline")))
    assert found.beside == ()
    assert "Other treatments" not in found.svg


def test_a_treatment_whose_days_are_open_is_an_outline() -> None:
    found = told(chart(Episode("Condition/md", when("2024-01-10"), "severe"), therapy("2025", UNREADABLE)))
    assert found.beside == (("Psychotherapy", "2025 – ?", "12 sessions, no effect"),)
    assert [rect.attrib["class"] for rect in drawn(found.svg).iter(f"{NS}rect")].count("b-unknown") == 1


def test_what_the_reader_may_not_read_is_not_drawn() -> None:
    seen = view(chart(*tried()))
    found = story(seen, trd(seen, RULES), language=language("en"), hidden={"Procedure/talk"})
    assert "Psychotherapy" not in found.svg
    assert all(what != "Psychotherapy" for what, _, _ in found.beside)


def test_the_rows_are_said_in_chinese() -> None:
    found = told(chart(*tried()), "zh-Hans")
    assert ("锂盐", "2025-01-01 – 2025-06-01", "每天 900 毫克") in found.beside
    assert "其他治疗" in found.svg
    assert not re.search("[a-z]{4,}", "".join(what + more for what, _, more in found.beside))
