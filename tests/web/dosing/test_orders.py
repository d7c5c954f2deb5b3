"""Is nothing ordered that was not seen, that is refused, or that lacks its reason, and does an order end when its ground does?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daybreak.clinical.records import KetamineExposure, Observation, on
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge.sentences import language
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.courses import plans
from daybreak.web.courses.models import What
from daybreak.web.dosing import actions, figures, queries, worked
from daybreak.web.dosing.models import RECORD, SCALE, Order
from daybreak.web.dosing.worked import Typed
from daybreak.web.patients import records
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW
from tests.web.courses.test_courses import booked, happens
from tests.web.dosing.conftest import EU, IV, SC, US

SOON = NOW + timedelta(minutes=1)
D = Decimal
SPRAY = Typed(US, D(56), "mg", "actual", None, "", None, None, None, None)
DRIP = Typed("ketamine-iv", D("0.5"), "mg/kg", "actual", D(70), RECORD, NOW.date(), None, D(1), 40)
FIGURES = figures.Typed("80", "0.2", "2", "our pharmacist")


def ordered(course, typed, by, **other) -> Order:
    booking = other.get("booking")
    ground = worked.ground(course, course.patient, day=other.pop("day", NOW.date()), before=booking)
    told = {"booking": None, "reason": "", "replaces": None, "language": "en", "at": SOON, "key": ids.new()} | other
    return actions.order(course, typed, seen=worked.seen(typed, ground.plan(typed)), by=by, **told)


def signed(site, by, ladder="ketamine-iv", typed=FIGURES, **other):
    told = {"seen": None, "at": NOW, "key": ids.new()} | other
    return figures.sign(site, ladder, typed, by=by, **told)


def gave(patient, by, day: date, dose: str | None = "56", drug: str = "esketamine") -> None:
    record = KetamineExposure(f"K/{ids.new()}", "x", drug, on(day), D(dose) if dose else None)
    records.entry(record, patient=patient, by=by, at=NOW).save(force_insert=True)


def scored(patient, by, day: date, total: str) -> None:
    record = Observation(f"O/{ids.new()}", "phq-9", D(total), on(day))
    records.entry(record, patient=patient, by=by, at=NOW).save(force_insert=True)


def test_an_order_keeps_what_was_seen_and_is_in_the_trail(course, doctor) -> None:
    row = ordered(course(), SPRAY, doctor)
    assert (row.dose_mg, row.deviates, row.reason, row.over) == ("56.0", False, "", False)
    kept = json.loads(row.content)
    assert (kept["ladder"], kept["findings"], kept["plan"]["dose_mg"]) == (worked.wording(US), [], "56")
    line = Line.objects.get(action="dose_ordered")
    assert (line.who, line.subject, line.site) == (doctor.id, row.patient_id, row.course.site_id)


def test_sent_twice_it_is_ordered_once_and_other_content_under_the_key_is_refused(course, doctor) -> None:
    now, key = course(), ids.new()
    first = ordered(now, SPRAY, doctor, key=key)
    assert ordered(now, SPRAY, doctor, key=key) == first
    with pytest.raises(Conflict):
        ordered(now, replace(SPRAY, amount=D(84)), doctor, key=key)
    assert Order.objects.count() == 1


def test_who_saw_an_older_state_looks_again(course, doctor, weighed) -> None:
    now = course(IV)
    signed(now.site, doctor)
    old = worked.seen(DRIP, worked.ground(now, now.patient, day=NOW.date()).plan(DRIP))
    signed(
        now.site,
        doctor,
        typed=figures.Typed("60", "0.2", "2", "less"),
        seen=figures.newest(now.site_id)["ketamine-iv"].id,
    )
    told = {"booking": None, "reason": "", "replaces": None, "language": "en", "by": doctor, "at": SOON}
    with pytest.raises(Conflict, match="not what was worked out last"):
        actions.order(now, DRIP, seen=old, key=ids.new(), **told)
    first = ordered(now, DRIP, doctor)
    with pytest.raises(Conflict, match="Somebody else changed"):
        ordered(now, DRIP, doctor)
    assert ordered(now, DRIP, doctor, replaces=first.id).replaces == first


def test_a_refused_dose_says_each_reason_in_the_readers_language(course, doctor) -> None:
    with pytest.raises(Refused) as refused:
        ordered(course(), replace(SPRAY, amount=D(112)), doctor)
    assert "112 mg is more than the highest dose, 84 mg." in refused.value.sentence("en")
    assert "112 mg 超过最高剂量 84 mg" in refused.value.sentence("zh-hans")
    assert not Order.objects.exists()


def test_a_deviation_needs_a_reason_and_is_counted(course, doctor, site) -> None:
    now = course(EU)
    high = replace(SPRAY, ladder=EU, amount=D(84))
    for reason in ("", "x" * 1001):
        with pytest.raises(Refused, match="Write why"):
            ordered(now, high, doctor, reason=reason)
    row = ordered(now, high, doctor, reason="tolerated it elsewhere")
    assert (row.deviates, queries.deviations(site.id)) == (True, ([row], 1))
    ordered(now, replace(high, amount=D(56)), doctor, reason="not kept where none is needed", replaces=row.id)
    assert Order.objects.latest("created").reason in ("", "tolerated it elsewhere")
    assert queries.deviations(site.id) == ([row], 2)


def test_no_infusion_before_the_clinic_has_signed_its_concentrations(course, doctor, site) -> None:
    now = course(IV)
    with pytest.raises(Refused, match="between which concentrations"):
        ordered(now, DRIP, doctor)
    signed(site, doctor)
    assert ordered(now, DRIP, doctor).dose_mg == "35.0"
    with pytest.raises(Refused, match="lies outside what this clinic has signed"):
        ordered(now, replace(DRIP, concentration_mg_per_ml=D(10)), doctor, replaces=queries.newest(now, None).id)


def test_a_weight_in_pounds_is_refused(course, doctor, site, weighed) -> None:
    weighed("70")
    signed(site, doctor, typed=replace(FIGURES, ceiling_mg="200"))
    now = course(IV)
    with pytest.raises(Refused, match="fit when one of them is in pounds"):
        ordered(now, replace(DRIP, weight_kg=D("154.3"), weight_from=SCALE), doctor)
    with pytest.raises(Refused, match="Write why"):
        ordered(now, replace(DRIP, weight_kg=D(80), weight_from=SCALE), doctor)
    assert ordered(now, replace(DRIP, weight_kg=D(72), weight_from=SCALE), doctor).dose_mg == "36.0"


def test_only_a_prescriber_of_the_site_orders(course, person) -> None:
    now = course()
    for one in (person("lee", Role.NURSE), person("pia", Role.PHARMACIST)):
        with pytest.raises(Forbidden):
            ordered(now, SPRAY, one)


def test_what_fits_nowhere_is_refused(course, doctor, chair, patient) -> None:
    now = course()
    for typed in (
        replace(SPRAY, weight_from="guess"),
        replace(SPRAY, weight_kg=D(70)),
        replace(SPRAY, ladder=EU),
    ):
        with pytest.raises(Refused):
            ordered(now, typed, doctor)
    visit = booked(patient, chair, doctor)
    happens(visit, What.BY_CLINIC, doctor, why="clinic", at=SOON)
    with pytest.raises(Refused, match="This visit is over"):
        ordered(now, SPRAY, doctor, booking=visit)
    plans.end(now, "completed", text="", by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Conflict, match="over"):
        ordered(now, SPRAY, doctor)


def test_the_order_of_a_visit_goes_before_that_of_the_course(course, doctor, chair, patient) -> None:
    now = course()
    one = booked(patient, chair, doctor)
    other = booked(patient, chair, doctor, starts=NOW + timedelta(days=9))
    assert [queries.order_for(each, SOON) for each in (one, other)] == [None, None]
    ordered(now, SPRAY, doctor)
    row = ordered(now, replace(SPRAY, amount=D(84)), doctor, booking=one, day=(NOW + timedelta(days=6)).date())
    assert queries.order_for(one, SOON).plan.dose_mg == 84
    assert queries.order_for(other, SOON).plan.dose_mg == 56
    actions.take_back(row, reason="too much", by=doctor, at=SOON, key=ids.new())
    assert queries.order_for(one, SOON).plan.dose_mg == 56


def test_what_was_taken_back_holds_no_longer_and_the_next_order_follows_it(course, doctor) -> None:
    now, key = course(), ids.new()
    row = ordered(now, SPRAY, doctor)
    with pytest.raises(Refused, match="Write why"):
        actions.take_back(row, reason="", by=doctor, at=SOON, key=ids.new())
    over = actions.take_back(row, reason="pregnant", by=doctor, at=SOON, key=key)
    assert actions.take_back(row, reason="pregnant", by=doctor, at=SOON, key=key) == over
    assert queries.in_force(now.patient, now, None, at=SOON) is None
    with pytest.raises(Conflict):
        actions.take_back(row, reason="again", by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Conflict):
        actions.take_back(over, reason="again", by=doctor, at=SOON, key=ids.new())
    assert ordered(now, SPRAY, doctor, replaces=over.id).replaces == over


def test_an_order_lapses_when_what_it_rests_on_changes(course, doctor, site, monkeypatch, chair, patient) -> None:
    now = course(IV)
    signed(site, doctor)
    ordered(now, DRIP, doctor)
    visit = booked(patient, chair, doctor)
    assert queries.order_for(visit, SOON).lapsed == ()
    lower = signed(
        site, doctor, typed=replace(FIGURES, ceiling_mg="30"), seen=figures.newest(site.id)["ketamine-iv"].id
    )
    assert queries.order_for(visit, SOON) is None
    assert queries.in_force(patient, now, visit, at=SOON).lapsed == ("dosing.lapsed_refused",)
    signed(site, doctor, seen=lower.id)
    assert queries.order_for(visit, SOON) is not None
    monkeypatch.setattr(worked, "wording", lambda ladder: "another")
    assert queries.in_force(patient, now, visit, at=SOON).lapsed == ("dosing.lapsed_wording",)
    plans.end(now, "completed", text="", by=doctor, at=SOON, key=ids.new())
    assert queries.in_force(patient, now, None, at=SOON) is None


def test_an_order_lapses_when_a_new_reason_is_needed(course, doctor, chair, patient) -> None:
    """EU, 55 years: 56 mg on day 1; then a dose came of which nobody knows how much."""
    now = course(EU)
    ordered(now, replace(SPRAY, ladder=EU), doctor)
    visit = booked(patient, chair, doctor)
    assert queries.order_for(visit, SOON) is not None
    gave(patient, doctor, NOW.date() + timedelta(days=3), dose=None)
    assert queries.in_force(patient, now, visit, at=SOON).lapsed == ("dosing.lapsed_reasons",)


def test_an_order_lapses_when_the_patient_weighs_otherwise(course, doctor, site, chair, patient, weighed) -> None:
    course(IV)
    signed(site, doctor)
    now = patient.courses.get()
    ordered(now, DRIP, doctor)
    visit = booked(patient, chair, doctor)
    weighed("75")
    assert queries.order_for(visit, SOON) is not None
    weighed("80")
    found = queries.in_force(patient, now, visit, at=SOON)
    assert found.lapsed == ("dosing.lapsed_reasons",)
    assert language().say(found.plan.findings[-1].reason) == (
        "The weight in the record (80 kg) is 14 % above the weight of the order (70 kg)."
    )


def test_what_was_given_before_and_how_the_score_fell(course, doctor, patient) -> None:
    now = course(SC)
    day = NOW.date() + timedelta(days=7)

    def ground() -> worked.Ground:
        return worked.ground(now, patient, day=day)

    assert (ground().first, ground().last, ground().improved) == (True, None, None)
    gave(patient, doctor, NOW.date() - timedelta(days=400), "40", "ketamine")  # before the course
    gave(patient, doctor, day, "40", "ketamine")  # on the day itself
    gave(patient, doctor, NOW.date(), "56", "esketamine")  # of another product
    assert ground().first
    gave(patient, doctor, NOW.date() + timedelta(days=1), "35", "ketamine")
    assert (ground().first, ground().last.mg, ground().last.mg_per_kg) == (False, D(35), None)
    scored(patient, doctor, NOW.date(), "20")
    assert ground().improved is None
    scored(patient, doctor, NOW.date() + timedelta(days=6), "12")
    assert ground().improved == 40
    record = KetamineExposure("K/undated", "x", "ketamine")
    records.entry(record, patient=patient, by=doctor, at=NOW).save(force_insert=True)
    assert (ground().first, ground().last.mg) == (False, None)


def test_who_came_before_is_not_there_for_the_first_time(course, doctor, chair, patient) -> None:
    now = course()
    visit = booked(patient, chair, doctor)
    happens(visit, What.ARRIVED, doctor)
    day = NOW.date() + timedelta(days=6)
    assert worked.ground(now, patient, day=day, before=visit).first
    assert worked.ground(now, patient, day=day).last == worked.Last(None, None, None)


@pytest.mark.parametrize(
    ("birth", "ages"),
    [("1971-04-02", (55, 55)), ("1971-12", (54, 54)), ("1971", (54, 55)), ("", None)],
)
def test_ages(course, patient, birth, ages) -> None:
    now = course()
    ground = worked.ground(now, patient, day=NOW.date())
    ground.details.birth = birth
    assert ground.ages == ages


def test_every_ladder_of_the_product_is_offered_its_own_first(course, patient) -> None:
    ground = worked.ground(course(SC), patient, day=NOW.date())
    assert ground.ladders[0].id == "ketamine-sc"
    assert {one.product for one in ground.ladders} == {"ketamine"}
    assert len(ground.ladders) == len([one for one in knowledge.ladders().values() if one.product == "ketamine"])
