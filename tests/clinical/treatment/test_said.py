"""Is a clause understood whole or not at all, with every figure's unit, and is nothing guessed?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.said import Meaning, Row, Vocabulary, Why, Word, read
from daybreak.clinical.treatment.said import What as Told

M = Meaning
FOUR = frozenset("0123")
WORDS = {
    **dict.fromkeys((",", ";", ".", "，", "and"), Word(M.JOINT)),
    **dict.fromkeys(("the", "was", "了"), Word(M.FILLER)),
    **dict.fromkeys(("gave", "given", "给"), Word(M.GAVE)),
    **{
        one: Word(M.UNIT, id)
        for one, id in (("mg", "mg"), ("毫克", "mg"), ("ml", "ml"), ("mmhg", "mmHg"), ("/min", "/min"))
    },
    **{one: Word(M.ROUTE, "iv") for one in ("iv", "静脉")},
    "wasted": Word(M.WASTE),
    **dict.fromkeys(("no waste", "无弃药"), Word(M.NO_WASTE)),
    "same vial": Word(M.SAME_VIAL),
    **{one: Word(M.ROW, "pressure") for one in ("bp", "血压")},
    "pulse": Word(M.ROW, "heart_rate"),
    **{one: Word(M.ROW, "nausea") for one in ("nausea", "恶心")},
    "moaa-s": Word(M.ROW, "moaa-s"),
    **{one: Word(M.LEVEL, "0") for one in ("no", "无")},
    "mild": Word(M.LEVEL, "1"),
    "antiemetic": Word(M.RESCUE, "antiemetic"),
    "drank water": Word(M.EVENT),
}
ROWS = {
    "pressure": Row("mmHg", ("systolic", "diastolic"), frozenset()),
    "heart_rate": Row("/min", ("value",), frozenset()),
    "nausea": Row("", (), FOUR),
    "moaa-s": Row("", (), frozenset("012345")),
}
VOCABULARY = Vocabulary(WORDS, ROWS, FOUR)
PRESSURE = {"row": "pressure", "systolic": "132", "diastolic": "84"}


def said(sentence: str) -> list[tuple[str, object]]:
    found = read(sentence, VOCABULARY)
    return [*((one.what, dict(one.told)) for one in found.entries), *((one.clause, one.why) for one in found.left)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("", []),
        (" , . ", []),
        (
            "Gave 54 mg IV, no waste, same vial.",
            [
                (Told.DOSE, {"mg": "54", "route": "iv"}),
                (Told.NO_WASTE, {"text": "no waste"}),
                (Told.SAME_VIAL, {"text": "same vial"}),
            ],
        ),
        ("静脉给了54毫克，无弃药", [(Told.DOSE, {"mg": "54", "route": "iv"}), (Told.NO_WASTE, {"text": "无弃药"})]),
        ("0.5 mg was given", [(Told.DOSE, {"mg": "0.5", "route": ""})]),
        ("wasted 6 mg", [(Told.WASTE, {"mg": "6"})]),
        ("wasted 0.2 ml", [(Told.WASTE, {"ml": "0.2"})]),
        (
            "BP 132/84 mmHg and pulse 72/min, no nausea",
            [
                (Told.CHECK, PRESSURE),
                (Told.CHECK, {"row": "heart_rate", "value": "72"}),
                (Told.CHECK, {"row": "nausea", "level": "0"}),
            ],
        ),
        ("血压132/84mmHg，无恶心", [(Told.CHECK, PRESSURE), (Told.CHECK, {"row": "nausea", "level": "0"})]),
        ("moaa-s 4", [(Told.CHECK, {"row": "moaa-s", "level": "4"})]),
        (
            "gave antiemetic ondansetron 4 mg iv",
            [(Told.RESCUE, {"kind": "antiemetic", "drug": "ondansetron", "mg": "4", "route": "iv"})],
        ),
        (
            "antiemetic ondansetron 4 mg",
            [(Told.RESCUE, {"kind": "antiemetic", "drug": "ondansetron", "mg": "4", "route": ""})],
        ),
        ("Drank water", [(Told.EVENT, {"text": "Drank water"})]),
        # what is not understood
        ("did not give 54 mg", [("did not give 54 mg", Why.WORDS)]),
        ("gave 54 mg ten minutes ago", [("gave 54 mg ten minutes ago", Why.WORDS)]),
        ("gave 54", [("gave 54", Why.NO_UNIT)]),
        ("gave 54 mg 2", [("gave 54 mg 2", Why.NO_UNIT)]),
        ("gave 54 ml", [("gave 54 ml", Why.UNIT)]),
        ("gave", [("gave", Why.NO_SENSE)]),
        ("gave 1.2.3 mg", [("gave 1.2.3 mg", Why.WORDS)]),
        ("gave 5 mg/kg", [("gave 5 mg/kg", Why.WORDS)]),
        ("gave 54 mg 2 mg", [("gave 54 mg 2 mg", Why.NO_SENSE)]),
        ("wasted 6", [("wasted 6", Why.NO_UNIT)]),
        ("wasted 6 mmHg", [("wasted 6 mmHg", Why.UNIT)]),
        ("wasted", [("wasted", Why.NO_SENSE)]),
        ("54", [("54", Why.NO_UNIT)]),
        ("bp 132/84", [("bp 132/84", Why.NO_UNIT)]),
        ("bp 132/84 mg", [("bp 132/84 mg", Why.UNIT)]),
        ("bp 132 mmHg", [("bp 132 mmHg", Why.NO_SENSE)]),
        ("pulse 72", [("pulse 72", Why.NO_UNIT)]),
        ("pulse 72 mg", [("pulse 72 mg", Why.UNIT)]),
        ("pulse 72/80 /min", [("pulse 72/80 /min", Why.NO_SENSE)]),
        ("mild pulse", [("mild pulse", Why.NO_SENSE)]),
        ("mild moaa-s", [("mild moaa-s", Why.NO_SENSE)]),
        ("moaa-s 9", [("moaa-s 9", Why.NO_SENSE)]),
        ("pulse no nausea", [("pulse no nausea", Why.NO_SENSE)]),
        ("antiemetic ondansetron 4", [("antiemetic ondansetron 4", Why.NO_UNIT)]),
        ("antiemetic 4 mg", [("antiemetic 4 mg", Why.NO_SENSE)]),
        ("antiemetic ondansetron 4 ml", [("antiemetic ondansetron 4 ml", Why.UNIT)]),
        ("antiemetic ondansetron 4 mg wasted", [("antiemetic ondansetron 4 mg wasted", Why.NO_SENSE)]),
        ("antiemetic not ondansetron 4 mg", [("antiemetic not ondansetron 4 mg", Why.WORDS)]),
        ("the", [("the", Why.NO_SENSE)]),
        ("pulses 72/min", [("pulses 72/min", Why.WORDS)]),
        ("gave ５４ mg", [("gave ５４ mg", Why.WORDS)]),
        ("mmHg", [("mmHg", Why.NO_SENSE)]),
        ("gave 54 mg, gave 54 mg", [("gave 54 mg", Why.TWICE), ("gave 54 mg", Why.TWICE)]),
        ("no waste, wasted 6 mg", [("no waste", Why.TWICE), ("wasted 6 mg", Why.TWICE)]),
        ("no nausea, mild nausea", [("no nausea", Why.TWICE), ("mild nausea", Why.TWICE)]),
        ("drank water, drank water", [(Told.EVENT, {"text": "drank water"})] * 2),
        ("İ pulse 72/min", [("İ pulse 72/min", Why.WORDS)]),
    ],
)
def test_what_a_sentence_says(sentence: str, found: list[tuple[str, object]]) -> None:
    assert said(sentence) == found


PIECES = [*WORDS, "54", "132/84", "0.5", "x", "？", "7.", "/", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=40))
def test_every_clause_is_an_entry_or_said_to_be_left(sentence: str) -> None:
    found = read(sentence, VOCABULARY)
    for one in (*found.entries, *found.left):
        assert one.clause in sentence
    for one in found.entries:
        figures = [value for name, value in one.told.items() if name in ("mg", "ml", "value", "systolic", "diastolic")]
        assert all(value in one.clause for value in figures), "a figure that nobody said"
