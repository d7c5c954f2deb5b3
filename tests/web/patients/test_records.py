"""Does a clinical record come back from the database as it went in?"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_type_hints

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.clinical.answers import UNREADABLE, Reason, Term, Unreadable
from daybreak.clinical.records import Chart, Code, Coverage, Episode, Exposure, Observation, Therapy, When, on
from daybreak.demo.people import records as demo_records
from daybreak.exchange.fhir import charts
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.patients import kinds, payloads, records
from daybreak.web.patients.kinds import RECORD_OF, Kind
from daybreak.web.patients.models import Entry, Withdrawal
from tests.web.conftest import NOW

texts = st.text(st.characters(codec="utf-8"), max_size=20)  # any character that a file can hold, 0 too
days = st.dates()
numbers = st.decimals(allow_nan=False, allow_infinity=False)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(),
    bool: st.booleans(),
    Decimal: numbers,
    date: days,
    datetime: st.datetimes(timezones=st.just(UTC)),
    When: st.tuples(days, days).map(lambda two: When(min(two), max(two))),
    Unreadable: st.just(UNREADABLE),
    type(None): st.none(),
    frozenset[str]: st.frozensets(texts, max_size=3),
    tuple[str, ...]: st.lists(texts, max_size=3).map(tuple),
    Reason: st.recursive(
        st.builds(Reason, texts),
        lambda inner: st.builds(
            Reason,
            texts,
            st.dictionaries(
                texts, texts | st.integers() | st.builds(Term, texts) | inner | st.lists(inner, max_size=2).map(tuple)
            ),
        ),
        max_leaves=3,
    ),
    tuple[Code, ...]: st.lists(st.builds(Code, texts, texts, texts), max_size=3).map(tuple),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of that type can hold; a type that is not listed fails here and in `payloads` alike."""
    if hint in VALUES:
        return VALUES[hint]
    return st.one_of(*(VALUES[one] for one in hint.__args__))


def any_record(kind: Kind) -> st.SearchStrategy[Any]:
    hints = get_type_hints(RECORD_OF[kind])
    return st.builds(RECORD_OF[kind], **{field.name: values(hints[field.name]) for field in fields(RECORD_OF[kind])})


@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_every_record_comes_back_from_its_text(kind, data) -> None:
    record = data.draw(any_record(kind))
    back = payloads.read(kind, payloads.written(record), version=payloads.VERSION)
    assert back == record
    assert payloads.written(back) == payloads.written(record), "0.50 is not 0.5, and True is not 1"


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_record_comes_back_from_the_database(patient, nurse, kind, data) -> None:
    record = data.draw(any_record(kind))
    row = records.entry(record, patient=patient, by=nurse, at=NOW)
    row.save(force_insert=True)
    assert records.record(Entry.objects.get(pk=row.pk)) == record


def test_a_chart_comes_back_whole(patient, nurse) -> None:
    read = charts(demo_records()[3].bundle(), terms=terms(), place="x")[0]
    for record in records.of_chart(read):
        records.entry(record, patient=patient, by=nurse, at=NOW).save(force_insert=True)
    back = records.chart(patient)
    for field in fields(Chart):
        if field.name not in ("patient", "episode"):
            assert sorted(getattr(back, field.name), key=repr) == sorted(getattr(read, field.name), key=repr)
    assert (back.patient.birth, back.patient.sex) == (on(date(1971, 4, 2)), "female")


def test_only_what_counts_now_is_in_the_chart(patient, nurse) -> None:
    def save(record: Any, **other: Any) -> Entry:
        row = records.entry(record, patient=patient, by=nurse, at=NOW, **other)
        row.save(force_insert=True)
        return row

    first = save(Exposure("x", "sertraline", dose=Decimal(50)))
    save(Exposure("x", "sertraline", dose=Decimal(150)), replaces=first)
    wrong = save(Therapy("y", "CBT", "psychotherapy"))
    Withdrawal.objects.create(
        id=ids.new(), organisation_id=patient.organisation_id, created=NOW, entry=wrong, reason="of somebody else",
        by=nurse,
    )  # fmt: skip
    save(Episode("e1", start=on(date(2024, 1, 1))))
    save(Episode("e2"))
    chart = records.chart(patient)
    assert [one.dose for one in chart.exposures] == [Decimal(150)]
    assert chart.therapies == ()
    assert chart.episode == Episode("e2"), "the one recorded last, though nobody knows since when"


@pytest.mark.parametrize(("told", "deceased"), [([None], None), ([False], False), ([False, True], True), ([], None)])
def test_a_death_that_one_file_tells_is_not_taken_back_by_another(patient, nurse, told, deceased) -> None:
    for one in told:
        records.entry(RECORD_OF[Kind.PERSON]("x", "Patient/x", deceased=one), patient=patient, by=nurse, at=NOW).save(
            force_insert=True
        )
    assert records.chart(patient).patient.deceased is deceased


def test_a_problem_that_was_kept_as_an_english_text_still_reads_so() -> None:
    old = payloads.read(Kind.PROBLEM, '{"place":"f#Condition/x","text":"It is {not} JSON."}', version=1)
    assert (old.place, {language(name).say(old.reason) for name in LANGUAGES}) == (
        "f#Condition/x",
        {"It is {not} JSON."},
    )
    assert payloads.read(Kind.PROBLEM, payloads.written(old), version=payloads.VERSION) == old


def test_a_payload_of_the_future_is_not_guessed_at() -> None:
    text = payloads.written(Therapy("y", "CBT", "psychotherapy"))
    with pytest.raises(ValueError, match="Update Daybreak"):
        payloads.read(Kind.THERAPY, text, version=payloads.VERSION + 1)
    with pytest.raises(ValueError, match="Update Daybreak"):
        payloads.read(Kind.THERAPY, '{"ref": {"riddle": 1}}', version=1)
    with pytest.raises(TypeError, match="plain"):
        payloads.written(Therapy("y", "CBT", 1.5))


@pytest.mark.parametrize(
    ("record", "label"),
    [
        (Therapy("x", "CBT", "psychotherapy"), "psychotherapy"),
        (Therapy("x", "ECT", "ect"), "ordinary"),
        (Observation("x", "audit-c", Decimal(3)), "substance_use"),
        (Observation("x", "weight", Decimal(70)), "ordinary"),
        (RECORD_OF[Kind.CONDITION]("x", "alcohol", concepts=frozenset({"substance_use_disorder"})), "substance_use"),
        (RECORD_OF[Kind.CONDITION]("x", "asthma", concepts=UNREADABLE), "ordinary"),
    ],
)
def test_what_is_sensitive_has_its_label_from_the_beginning(record, label) -> None:
    assert kinds.sensitivity(record) == label


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_entry(patient, nurse, change) -> None:
    records.entry(Coverage("medicines", date(2026, 1, 1)), patient=patient, by=nurse, at=NOW).save(force_insert=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(payload="{}") if change == "update" else Entry.objects.all()._raw_delete("default")
