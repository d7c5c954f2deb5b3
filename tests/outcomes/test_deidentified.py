"""Does anything that tells who somebody is get into an export, whoever typed it wherever they could?"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest

from daybreak.outcomes.deidentified import GIVEN, WORD, dictionary, given, left_out
from daybreak.outcomes.tables import TABLES, Course, Event, Patient, Rating, Session, columns

TODAY = date(2026, 11, 30)
DAY = date(2026, 3, 9)
KNOWN = {
    "sex": ["female"],
    "protocol": ["p-1"],
    "product": ["ketamine"],
    "route": ["iv"],
    "phase": ["induction"],
    "outcome": ["discharged"],
    "scale": ["phq-9"],
    "door": ["link"],
    "term": ["nausea"],
    "grade": ["1"],
    "serious": ["no"],
}
# One of each class of identifiers in 45 CFR 164.514(b)(2)(i), A to R.
CANARIES = (
    *("Ada Quillfeather", "17 Canary Wharf Lane 90210", "1931-04-17", "+1 555 0142", "+1 555 0143", "ada@canary.example"),
    *("123-45-6789", "MRN0048151623", "HPB-77-1234", "ACC-0099-8877", "LIC-D1234567", "VIN1HGCM82633A004352"),
    *("SN-DEV-55-12", "https://canary.example/ada", "203.0.113.77", "fingerprint-9f2b", "face-ada.jpg", "study-code-ada-7"),
)  # fmt: skip


def whole(text: str | None = None) -> dict[str, list]:
    """Somebody who agreed, with `text` in every place that holds text, and somebody who did not."""
    common = {"product": "ketamine", "route": "iv"}
    rows = {
        "patients": [Patient(patient="a", site="s", birth_year=1931, sex="female", language="English", volunteer=True)],
        "courses": [
            Course(
                course="c", patient="a", site="s", number=1, protocol="p-1", started=DAY, end_reason="moved", **common
            )
        ],
        "sessions": [
            Session(
                session="t",
                course="c",
                patient="a",
                site="s",
                number=1,
                phase="induction",
                **{"day": DAY, "dose_mg": Decimal("35.5"), "outcome": "discharged", "heard": True, **common},
                weight_kg=Decimal("191.2"),
            )
        ],
        "ratings": [
            Rating(
                rating="r", patient="a", scale="phq-9", day=DAY - timedelta(days=3), total=20, asked_by="x", door="link"
            )
        ],
        "events": [
            Event(event="e", patient="a", site="s", session="t", term="nausea", grade="1", serious="no", day=DAY)
        ],
    }
    if text is not None:
        rows = {
            table: [
                replace(row, **{one.name: text for one in fields(row) if isinstance(getattr(row, one.name), str)})
                for row in those
            ]
            for table, those in rows.items()
        }
    other = Patient(patient="b", site="s", birth_year=1990, sex="female", volunteer=False)
    return {
        **rows,
        "patients": [*rows["patients"], other],
        "ratings": [*rows["ratings"], replace(rows["ratings"][0], patient="b")],
    }


def out(tables: dict[str, list]):
    ids = count(1)
    return given(tables, known=KNOWN, today=TODAY, joined_age=90, draw=lambda: f"id{next(ids):04}")


@pytest.mark.parametrize("canary", CANARIES)
def test_an_identifier_gets_in_nowhere(canary) -> None:
    found = out(whole(canary))
    assert canary not in json.dumps(dict(found.rows), default=str)
    assert set(found.left) == {column for those in GIVEN.values() for column, how in those.items() if how == WORD}
    assert len(CANARIES) == len(set(CANARIES)) == 18


def test_what_is_given_of_a_volunteer() -> None:
    found = out(whole())
    (person,), (course,), (row,), (rating,), (event,) = (found.rows[table] for table in TABLES)
    assert (found.whose, found.left) == ({"a"}, {})
    assert (person["birth_year"], person["sex"]) == (1936, "female"), "95 years: as everybody of 90 and more"
    assert (course["started"], course["ended"], row["day"], rating["day"], event["day"]) == (0, None, 0, -3, 0)
    assert (row["dose_mg"], row["outcome"], rating["total"]) == (Decimal("35.5"), "discharged", 20)
    assert {one["patient"] for one in (person, course, row, rating, event)} == {person["patient"]}
    assert (row["course"], event["session"]) == (course["course"], row["session"])
    told = json.dumps(dict(found.rows), default=str)
    for text in ("191.2", "English", "moved", "2026", '"a"', '"s"', '"t"'):
        assert text not in told


def test_no_day_is_told_of_whom_no_treatment_is_known() -> None:
    assert out({**whole(), "sessions": []}).rows["ratings"][0]["day"] is None


def test_a_year_of_birth_below_the_joined_age_is_told() -> None:
    tables = whole()
    tables["patients"][0] = replace(tables["patients"][0], birth_year=1937)
    assert out(tables).rows["patients"][0]["birth_year"] == 1937


def test_every_column_is_given_or_it_is_said_why_not() -> None:
    told = {(one["table"], one["column"]) for one in (*dictionary(), *left_out())}
    assert told == {(table, one.name) for table in TABLES for one in columns(table)}
    assert not {(one["table"], one["column"]) for one in dictionary()} & {
        (one["table"], one["column"]) for one in left_out()
    }
