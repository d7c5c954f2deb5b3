"""Is the patient alive, how old, and could this person be pregnant or breast-feeding?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.person import age, alive, breast_feeding, pregnant, whole_years
from tests.clinical.screening.build import DAY, condition, days_ago, missing, observation, patient, refs, view, when

SELF = Evidence("Patient/p", "1980-03-01")


@pytest.mark.parametrize(
    ("deceased", "value", "reason"),
    [
        (None, True, Reason("person.alive")),
        (False, True, Reason("person.alive")),
        (when("2026-06-16"), True, Reason("person.alive")),
        (when("2026-06-15"), False, Reason("person.died", {"on": "2026-06-15"})),
        (when("2026"), False, Reason("person.died", {"on": "2026"})),
        (when("2027"), True, Reason("person.alive")),
        (True, False, Reason("person.died", {"on": "?"})),
        (UNREADABLE, None, Reason("person.death-unreadable")),
    ],
)
def test_alive_unless_dead_by_that_day(deceased: Any, value: bool | None, reason: Reason) -> None:
    answer = alive(view(patient(deceased=deceased)))
    assert (answer.value, answer.reason, answer.evidence) == (value, reason, (SELF,))
    assert missing(answer) == (["ask.alive"] if value is None else [])


@pytest.mark.parametrize(
    ("birth", "years"),
    [
        ("2008-06-15", Decimal(18)),
        ("2008-06-16", Decimal(17)),
        ("2008-05-30", Decimal(18)),
        ("2008", Range(Decimal(17), Decimal(18))),
        ("2008-06", Range(Decimal(17), Decimal(18))),
        ("2008-05", Decimal(18)),
        ("2008-07", Decimal(17)),
    ],
)
def test_age_in_whole_years(birth: str, years: Decimal | Range) -> None:
    answer = age(view(patient(birth=when(birth))))
    assert answer.value == years
    said = "17–18" if isinstance(years, Range) else int(years)
    assert answer.reason == Reason("person.age", {"years": said})
    assert missing(answer) == (["ask.birth-date"] if isinstance(years, Range) else [])
    assert answer.evidence == (Evidence("Patient/p", birth),)
    born = when(birth)
    assert answer.grows_since == born.latest  # type: ignore[union-attr]


@pytest.mark.parametrize("birth", [None, UNREADABLE])
def test_without_a_birth_date_age_is_not_known(birth: Any) -> None:
    answer = age(view(patient(birth=birth)))
    assert (answer.value, answer.reason, missing(answer)) == (None, Reason("person.age-unknown"), ["ask.birth-date"])
    assert answer.evidence == (Evidence("Patient/p", "?"),)


def test_somebody_born_on_the_29_of_february() -> None:
    assert whole_years(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert whole_years(date(2008, 2, 29), date(2026, 3, 1)) == 18


def asked(*records: Any, sex: Any = "female") -> FactAnswer:
    return pregnant(view(patient(sex=sex), *records), valid_days=7, longest_days=300)


def status(value: Any, day: Any = "2026-06-10") -> Any:
    return observation("pregnancy_status", value, day)


def test_asked_of_everybody_who_could_be() -> None:
    for sex in ("female", "other", None, UNREADABLE):
        answer = asked(sex=sex)
        assert (answer.value, answer.reason.id) == (None, "pregnancy.not-asked")
        assert (missing(answer), answer.evidence) == (["ask.pregnancy"], (SELF,))
    answer = asked(sex="male")
    assert (answer.value, answer.reason, answer.evidence) == (False, Reason("pregnancy.recorded-male"), (SELF,))


@pytest.mark.parametrize(("kind", "word"), [("pregnancy_status", "pregnant"), ("pregnancy_test", "positive")])
def test_pregnant_by_answer_or_test(kind: str, word: str) -> None:
    reading = observation(kind, word)
    answer = asked(reading, sex="male")
    assert (answer.value, answer.reason, refs(answer.evidence)) == (True, Reason("pregnancy.recorded"), [reading.ref])
    both = asked(reading, status("pregnant", DAY.isoformat()))
    assert both.value is True


@pytest.mark.parametrize(
    ("kind", "word"), [("pregnancy_status", "not_pregnant"), ("pregnancy_test", "negative"), ("pregnancy_status", "cannot")]
)  # fmt: skip
def test_not_pregnant_by_answer_or_test(kind: str, word: str) -> None:
    answer = asked(observation(kind, word, days_ago(7)))
    assert (answer.value, answer.reason) == (False, Reason("pregnancy.no", {"on": "2026-06-08"}))
    assert (answer.expired, answer.missing) == (None, ())
    old = asked(observation(kind, word, days_ago(8)))
    assert (old.value, old.expired) == (False, Reason("pregnancy.expired", {"on": "2026-06-07", "days": 7}))


def test_an_undated_answer_is_not_fresh() -> None:
    answer = asked(observation("pregnancy_test", "negative", UNREADABLE))
    assert answer.expired == Reason("pregnancy.expired", {"on": "?", "days": 7})
    mixed = asked(status("not_pregnant"), observation("pregnancy_test", "negative", UNREADABLE))
    assert mixed.expired is not None


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ([status("declined")], "pregnancy.declined"),
        ([status("maybe")], "pregnancy.open"),
        ([status(UNREADABLE)], "pregnancy.open"),
        ([status(None)], "pregnancy.open"),
        ([status("not_pregnant"), observation("pregnancy_test", "positive", "2026-06-10")], "pregnancy.open"),
        ([status("not_pregnant"), status("declined")], "pregnancy.declined"),
        ([status("not_pregnant"), status("pregnant", UNREADABLE)], "pregnancy.open"),
    ],
)
def test_other_answers_leave_it_open(readings: list[Any], reason: str) -> None:
    answer = asked(*readings, sex="male")
    assert (answer.value, answer.reason.id, missing(answer)) == (None, reason, ["ask.pregnancy"])
    assert refs(answer.evidence) == [r.ref for r in readings]


def listed(onset: Any, **fields: Any) -> Any:
    return condition("pregnancy", onset=onset, **fields)


@pytest.mark.parametrize(
    ("record", "alone", "with_no"),
    [
        (listed(days_ago(300)), "pregnancy.recorded", "pregnancy.conflict"),
        (listed(days_ago(301)), "pregnancy.conflict", "pregnancy.no"),
        (listed(None), "pregnancy.conflict", "pregnancy.conflict"),  # no date at all: it may be the present one
        (listed(None, recorded=days_ago(300)), "pregnancy.recorded", "pregnancy.conflict"),
        (listed(None, recorded=days_ago(301)), "pregnancy.conflict", "pregnancy.no"),
        (listed(when("2025")), "pregnancy.conflict", "pregnancy.conflict"),
        (listed(when("2024")), "pregnancy.conflict", "pregnancy.no"),
        (listed(UNREADABLE), "pregnancy.conflict", "pregnancy.conflict"),
        (listed(UNREADABLE, recorded=days_ago(9)), "pregnancy.conflict", "pregnancy.conflict"),
        (listed(days_ago(9), verification=UNREADABLE), "pregnancy.conflict", "pregnancy.conflict"),
        (listed(days_ago(9), clinical="resolved"), "pregnancy.recorded-male", "pregnancy.no"),
        (listed(days_ago(9), concepts=UNREADABLE), "condition.nameless", "condition.nameless"),
    ],
)
def test_a_pregnancy_on_the_problem_list(record: Any, alone: str, with_no: str) -> None:
    for readings, reason in (([], alone), ([status("not_pregnant")], with_no)):
        answer = asked(record, *readings, sex="male")
        assert answer.reason.id == reason
        clear = reason in ("pregnancy.no", "pregnancy.recorded-male")
        assert answer.value is (False if clear else True if reason == "pregnancy.recorded" else None)
        if reason == "pregnancy.conflict":
            assert missing(answer) == ["ask.pregnancy"]
            assert refs(answer.evidence) == [*(r.ref for r in readings), record.ref]
    assert asked(record, status("pregnant")).value is True
    if record.concepts is UNREADABLE:
        assert asked(record, sex="male").reason.values["what"] == Term("concept.pregnancy")


def test_a_new_pregnancy_decides_beside_an_old_entry() -> None:
    answer = asked(listed(days_ago(900)), listed(days_ago(30)))
    assert (answer.value, answer.reason.id) == (True, "pregnancy.recorded")


def lactating(*records: Any, sex: Any = "female") -> FactAnswer:
    return breast_feeding(view(patient(sex=sex), *records), valid_days=30)


def feeding(value: Any, day: Any = None) -> Any:
    return observation("breastfeeding_status", value, day)


@pytest.mark.parametrize(
    ("records", "value", "reason"),
    [
        ([feeding("breastfeeding")], True, "lactation.recorded"),
        ([condition("lactation")], True, "lactation.recorded"),
        ([condition("lactation", verification="provisional")], None, "lactation.open"),
        ([condition("lactation"), feeding("not_breastfeeding")], None, "lactation.open"),
        ([condition("lactation", clinical=None), feeding("not_breastfeeding")], None, "lactation.open"),
        ([condition("lactation", concepts=UNREADABLE), feeding("not_breastfeeding")], None, "condition.nameless"),
        ([condition("lactation", concepts=UNREADABLE)], None, "condition.nameless"),
        ([feeding("not_breastfeeding"), feeding("breastfeeding")], None, "lactation.open"),
        ([feeding("breastfeeding"), condition("lactation")], True, "lactation.recorded"),
        ([feeding(UNREADABLE)], None, "lactation.open"),
        ([feeding("not_breastfeeding")], False, "lactation.no"),
        ([], False, "lactation.recorded-male"),
    ],
)
def test_breast_feeding(records: list[Any], value: bool | None, reason: str) -> None:
    answer = lactating(*records, sex="male")
    assert (answer.value, answer.reason.id) == (value, reason)
    assert {r.ref for r in records} <= set(refs(answer.evidence))
    if reason == "lactation.recorded":
        assert answer.reason.values == {"what": Term("concept.lactation")}
    if reason == "lactation.open":
        assert missing(answer) == ["ask.lactation"]
    assert answer.expired is None


def test_breast_feeding_that_nobody_asked_about() -> None:
    answer = lactating()
    assert (answer.value, answer.reason.id, missing(answer)) == (None, "lactation.not-asked", ["ask.lactation"])
    assert lactating(sex=UNREADABLE).value is None


def test_an_answer_about_breast_feeding_grows_old() -> None:
    assert lactating(feeding("not_breastfeeding", days_ago(30))).expired is None
    old = lactating(feeding("not_breastfeeding", days_ago(31)))
    assert old.expired == Reason("lactation.expired", {"days": 30})
