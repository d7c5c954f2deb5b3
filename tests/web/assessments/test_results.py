"""Does the page of results show every rating once, with bands, items, time, change and treatments, to those who may read it?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Exposure, KetamineExposure, Observation, Therapy, on
from daybreak.web import ids
from daybreak.web.assessments import changed
from daybreak.web.assessments.goals import REMISSION, RESPONSE, goals
from daybreak.web.assessments.results import Rating, results
from daybreak.web.forms import actions
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode
from daybreak.web.patients import actions as patients
from daybreak.web.patients import records
from daybreak.web.patients.models import Entry
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered

WEEK = timedelta(days=7)


@pytest.fixture
def lee(person):
    return person("lee", Role.PRESCRIBER, at=NOW - 60 * WEEK)


@pytest.fixture
def patient(site, lee):
    return registered(site, lee)


def rate(patient, by, name, told, *, weeks=0, minutes=10):
    at = NOW - weeks * WEEK
    sitting = actions.ask(patient, f"assessment:{name}", mode=Mode.DESK, language="en", by=by, at=at, key=ids.new())
    return actions.fill(sitting, told, minutes=minutes, by=by, at=at, key=ids.new())


def pcl(points):
    return {str(n): str(points) for n in range(1, 21)}


def page(patient, by, query="", language="en"):
    told = {"secure": True, "headers": {"accept-language": language}}
    answer = signed_in(by).get(f"/patients/{patient.id}/assessments/{query}", **told)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_yet(patient, lee) -> None:
    assert "No result yet" in page(patient, lee)


def test_totals_bands_items_time_and_change_with_their_formulas(patient, lee) -> None:
    rate(patient, lee, "phq-9", {str(n): "2" for n in range(1, 9)} | {"9": "0"}, weeks=4, minutes=7)
    rate(patient, lee, "phq-9", {str(n): "1" for n in range(1, 9)} | {"9": "0"}, minutes=5)
    shown = page(patient, lee)
    assert "12 minutes on 2 forms" in shown
    for said in ("16</strong> Moderately severe", "8</strong> Mild", "8 points better (50.0 % of the first)"):
        assert said in shown
    assert "improvement ÷ first total is at least 50 %" in shown
    assert "No published figure is kept here" in shown
    assert "Little interest or pleasure" in shown
    assert 'class="heat-3">2</td>' in shown
    assert shown.count("<circle") == 2
    shown = page(patient, lee, "?scale=phq-9", language="zh-hans")
    for said in ("2 份表单共 12 分钟", "中重度", "改善 8 分", "做事时提不起劲"):
        assert said in shown


def test_response_and_remission_are_drawn_with_their_source_and_said_in_the_table(patient, lee) -> None:
    for weeks, points in ((4, "2"), (2, "1"), (0, "0")):
        rate(patient, lee, "phq-9", {str(n): points for n in range(1, 9)} | {"9": "0"}, weeks=weeks)
    shown = page(patient, lee)
    assert "response, a total of 8 or less, at least 50 % better than the first (16)." in shown
    assert "remission, a total of 4 or less." in shown
    assert shown.count("this clinic’s own (ins-daybreak)") >= 2
    assert (shown.count('class="b-goal"'), shown.count('class="c-goal"')) == (1, 1)
    assert (shown.count("Response (≤ 8) reached"), shown.count("Remission (≤ 4) reached")) == (2, 1)
    chinese = page(patient, lee, language="zh-hans")
    assert "较首次（16）改善至少 50%" in chinese
    assert chinese.count("达到缓解（≤ 4）") == 1


def test_every_cut_for_remission_is_named_and_the_first_total_is_halved_exactly() -> None:
    first = {total: Rating("x", NOW.date(), total=total) for total in (0, 9, 31)}
    assert [one.most for one in goals("phq-9", [first[9]], "en")] == [Decimal("4.5"), 4]
    assert [one.most for one in goals("phq-9", [first[0]], "en")] == [4], "half of nothing is no goal"
    found = goals("madrs", [first[31]], "en")
    assert [(one.what, one.whole) for one in found] == [(RESPONSE, 15), (REMISSION, 10), (REMISSION, 12)]
    assert goals("who-5", [first[9]], "en") == []


def test_nothing_is_drawn_where_no_figure_says_remission(patient, lee) -> None:
    rate(patient, lee, "pcl-5", pcl(2), weeks=4)
    shown = page(patient, lee)
    assert "b-goal" not in shown
    assert "c-goal" not in shown


@pytest.mark.parametrize(
    ("later", "said"),
    [(1, "better, beyond chance"), (2, "no reliable change"), (3, "worse, beyond chance")],
)
def test_change_beyond_chance_where_a_figure_is_published(patient, lee, later, said) -> None:
    rate(patient, lee, "pcl-5", pcl(2), weeks=4)
    rate(patient, lee, "pcl-5", pcl(later))
    assert said in page(patient, lee)


def test_a_response_that_is_lost_again(patient, lee) -> None:
    for weeks, points in ((8, "3"), (4, "1"), (0, "3")):
        rate(patient, lee, "gad-7", {str(n): points for n in range(1, 8)}, weeks=weeks)
    shown = page(patient, lee)
    assert "Response reached earlier and lost since</th><td>Yes" in shown


@pytest.mark.parametrize(
    ("points", "said"), [((4, 1, 3, 3), "Yes"), ((4, 1, 3), "No"), ((4, 1, 3, None), "cannot be known")]
)
def test_a_relapse_is_what_lasts_after_a_response_with_its_rule_and_whose_it_is(points, said) -> None:
    ratings = [
        Rating("madrs", NOW.date() + n * WEEK, total=None if one is None else one * 10) for n, one in enumerate(points)
    ]
    found = [line for line in changed.lines("madrs", ratings, "en") if line.what == "Relapse after a response"]
    assert [line.answer for line in found] == [said]
    assert "22 points or more in 2 ratings in a row, at least 5 days apart" in found[0].formula
    assert found[0].source == "this clinic’s own (ins-daybreak)"


def test_a_scale_without_a_rule_for_relapse_says_so(patient, lee) -> None:
    for weeks, points in ((8, "3"), (4, "1")):
        rate(patient, lee, "gad-7", {str(n): points for n in range(1, 8)}, weeks=weeks)
    assert "For this scale no rule for relapse is kept." in page(patient, lee)


def test_a_first_total_of_nothing_leaves_response_and_its_loss_unknown(patient, lee) -> None:
    for weeks, points in ((8, "0"), (4, "1"), (0, "3")):
        rate(patient, lee, "gad-7", {str(n): points for n in range(1, 8)}, weeks=weeks)
    assert "Response reached earlier and lost since</th><td>cannot be known" in page(patient, lee)


def test_two_ratings_of_one_day_stand_in_the_order_in_which_they_were_made(patient, lee) -> None:
    for hours, points in ((6, "3"), (3, "2"), (0, "0")):
        rate(patient, lee, "gad-7", {str(n): points for n in range(1, 8)}, weeks=timedelta(hours=hours) / WEEK)
    kept = Observation("", "gad-7", Decimal(5), on(NOW.date()), instant=NOW - timedelta(hours=4))
    patients.add(patient, kept, by=lee, at=NOW, key=ids.new())
    alone = Observation("", "gad-7", Decimal(9), on(NOW.date()))
    patients.add(patient, alone, by=lee, at=NOW, key=ids.new())
    found = results(patient, records.chart(patient)).by_scale["gad-7"]
    assert [one.total for one in found] == [9, 21, 5, 14, 0]
    assert "9 points better" in page(patient, lee)


def test_the_latest_ratings_are_drawn_larger_when_older_ones_would_crowd_them(patient, lee) -> None:
    def gad(weeks: int) -> None:
        rate(patient, lee, "gad-7", {str(n): "1" for n in range(1, 8)}, weeks=weeks)

    gad(50)
    for weeks in (3, 0):
        gad(weeks)
    shown = page(patient, lee)
    assert shown.count("<circle") == 3, "two late ones are no reason"
    assert "Draw" not in shown
    gad(1)
    assert (shown := page(patient, lee)).count("<circle") == 3, "the one of fifty weeks ago is left out"
    assert "Drawn from 2026-11-03 on." in shown
    assert "4 complete ratings" in shown, "not from what is said"
    whole = page(patient, lee, "?scale=gad-7&from=first", language="zh-hans")
    assert whole.count("<circle") == 4
    assert "放大显示最近的评分" in whole


def test_a_blank_leaves_no_total_and_says_how_many(patient, lee) -> None:
    rate(patient, lee, "phq-9", {str(n): "2" for n in range(1, 9)} | {"9": NOT_SAID} | FOLLOWED)
    shown = page(patient, lee)
    assert "No total: 1 items open. Estimate only: 18." in shown
    assert "no answer" in shown


def test_what_the_record_says_counts_once_and_a_withdrawn_total_no_more(patient, lee) -> None:
    rate(patient, lee, "phq-9", {str(n): "1" for n in range(1, 9)} | {"9": "0"})
    patients.add(patient, Observation("", "phq-9", Decimal(20), on(date(2020, 1, 1))), by=lee, at=NOW, key=ids.new())
    found = results(patient, records.chart(patient)).by_scale["phq-9"]
    assert [(one.day.year, one.total) for one in found] == [(2020, 20), (NOW.year, 8)]
    total = next(
        row for row in Entry.objects.all() if records.record(row).kind == "phq-9" and row.happened != date(2020, 1, 1)
    )
    patients.withdraw(total, reason="wrong patient", by=lee, at=NOW, key=ids.new())
    assert [one.total for one in results(patient, records.chart(patient)).by_scale["phq-9"]] == [20, None]
    assert "The record was corrected since" in page(patient, lee)


def test_a_screener_has_a_level_and_no_number(patient, lee) -> None:
    rate(patient, lee, "c-ssrs-screen", {"q1": "no", "q2": "no", "q6": "no"})
    assert "no risk found" in page(patient, lee)


def test_treatments_stand_under_the_curve_and_in_a_table(patient, lee) -> None:
    rate(patient, lee, "phq-9", {str(n): "1" for n in range(1, 9)} | {"9": "0"}, weeks=20)
    day = NOW.date()
    for record in (
        Exposure("", "sertraline", ("sertraline",), Decimal(150), on(day - 10 * WEEK), None, "active"),
        Therapy("", "ECT", "ect", on(day - 9 * WEEK), on(day - 5 * WEEK)),
        KetamineExposure("", "ketamine", "ketamine", on(day - 2 * WEEK)),
    ):
        patients.add(patient, record, by=lee, at=NOW, key=ids.new())
    shown = page(patient, lee)
    for said in ("Sertraline", "150 mg", 'class="c-now"'):
        assert said in shown


def test_results_about_substances_are_for_those_who_may_read_them(patient, lee, person) -> None:
    rate(patient, lee, "dast-10", {str(n): "Y" for n in range(1, 11)})
    assert "Drug Abuse" in page(patient, lee)
    nurse = person("nora", Role.NURSE)
    assert "Drug Abuse" not in page(patient, nurse)
    answer = signed_in(nurse).get(f"/patients/{patient.id}/assessments/?scale=dast-10", secure=True)
    assert answer.status_code == 404


def test_another_site_and_an_unknown_scale_are_not_there(patient, lee, person, site) -> None:
    for query in ("?scale=none", "?scale=../x", "?scale=madrs"):
        answer = signed_in(lee).get(f"/patients/{patient.id}/assessments/{query}", secure=True)
        assert answer.status_code == 404
    there = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Elsewhere")
    stranger = person("zoe", Role.PRESCRIBER, at_site=there)
    assert signed_in(stranger).get(f"/patients/{patient.id}/assessments/", secure=True).status_code == 404


def test_the_page_asks_little_however_much_there_is(patient, lee) -> None:
    counts = []
    for weeks in (3, 2, 1):
        rate(patient, lee, "phq-9", {str(n): "1" for n in range(1, 9)} | {"9": "0"}, weeks=weeks)
        client = signed_in(lee)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/patients/{patient.id}/assessments/", secure=True)
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 15


@pytest.mark.parametrize(
    ("sex", "says"),
    [
        ("female", ["threshold for female, 3 points: reached"]),
        ("male", ["threshold for male, 4 points: not reached"]),
        (
            "",
            [
                "The sex is unknown: both thresholds.",
                "threshold for female, 3 points: reached",
                "threshold for male, 4 points: not reached",
            ],
        ),
        ("other", ["The sex is unknown: both thresholds."]),
    ],
)
def test_the_threshold_of_audit_c_is_that_of_the_recorded_sex(site, lee, sex, says) -> None:
    found = registered(site, lee, sex=sex)
    rate(found, lee, "audit-c.total", {"total": "3"})
    shown = page(found, lee, "?scale=audit-c")
    for one in says:
        assert one in shown
    assert ("threshold for female" in shown) == (sex != "male")
    assert ("threshold for male" in shown) == (sex != "female")
    assert "界值" in page(found, lee, "?scale=audit-c", language="zh-hans")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_after_an_item_about_suicide_the_screener_is_offered_and_after_it_the_plan(patient, lee, language) -> None:
    rate(patient, lee, "phq-9", {str(n): "1" for n in range(1, 10)} | FOLLOWED)
    rate(patient, lee, "c-ssrs-screen", {"q1": "yes", "q2": "no", "q6": "no"})
    rate(patient, lee, "pcl-5", pcl(1))
    assert "?form=assessment:c-ssrs-screen" in page(patient, lee, "?scale=phq-9", language=language)
    shown = page(patient, lee, "?scale=c-ssrs-screen", language=language)
    assert "?form=plan:safety-plan" in shown
    assert "?form=assessment:c-ssrs-screen" not in shown
    assert 'id="onward"' not in page(patient, lee, "?scale=pcl-5", language=language)
