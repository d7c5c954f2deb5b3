"""Does anything that a socket may bring make the reader fail, and does another reader read the same of what is well formed?"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.exchange.hl7 import Unreadable, answer, read
from daybreak.exchange.hl7.measured import measured, unwatched
from daybreak.exchange.hl7.message import split
from daybreak.exchange.hl7.pumped import shown
from tests.exchange.hl7.build import message, obx
from tests.exchange.hl7.pump import ML_H, RATE, figure, words

DEEP = os.environ.get("DAYBREAK_DEEP") == "1"
MUTATIONS = 100_000 if DEEP else 3_000
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINES = [
    obx(1),
    figure(RATE, "52.5", ML_H),
    words("184519^MDC_PUMP_INFUSING_STATUS^MDC", "^pump-status-infusing"),
    "OBX|2|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|196670^MDC_EVT_PUMP_GENERAL_ALARM^MDC||||||F",
    "OBX|3|CWE|0^MDCX_ATTR_EVT_COND^MDC|1.1.1.100|0^MDCX_PUMP_DELIV_START^MDC|",
    "OBX|4|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.1.1|\\X31\\20|kPa^kPa^UCUM|||||R|||20260301100000+0000||||x",
]
PARTS = [
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"\n",
    b"\x00",
    b"\x0b",
    b"\x1c",
    b"\xff",
    b"MSH|",
    b"OBX|",
    b"PID|",
    b"NaN",
]


def taken(sent: bytes) -> bool:
    """Is it read? Whatever it is: nothing but `Unreadable`, and an answer."""
    for code in ("AA", "AE"):
        assert b"\rMSA" in answer(sent, code, id="1", at=NOON)  # type: ignore[arg-type]
    try:
        found = read(sent)
    except Unreadable:
        return False
    for one in found:
        measured(one)
        unwatched(one)
        shown(one)
    return True


def mutated(sent: bytes, chance: random.Random) -> bytes:
    found = bytearray(sent)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0:
                del found[at : at + chance.randint(1, 40)]
            case 1:
                found[at:at] = chance.choice(PARTS)
            case 2 if at < len(found):
                found[at] = chance.randrange(256)
            case 3:
                found[at:at] = found[at : at + chance.randint(1, 80)]
            case _:
                found[at:] = found[at:][::-1] if chance.random() < 0.1 else found[at:]
    return bytes(found)


@pytest.mark.parametrize("trigger", ["R01", "R40", "R42"])
def test_no_mutation_of_a_message_is_more_than_unreadable(trigger: str) -> None:
    chance = random.Random(20260301)
    sent = message(LINES, trigger=trigger)
    read_ = sum(taken(mutated(sent, chance)) for _ in range(MUTATIONS // 3))
    assert 0 < read_ < MUTATIONS // 3  # both happened


@pytest.mark.parametrize(
    "sent",
    [
        b"MSH|^~\\&|" + b"A" * 1_000_000,
        message([obx(1, value="9" * 1_000_000)]),
        message([obx(1, value="~" * 100_000)]),
        message([obx(1, value="\\" * 100_000)]),
        message([obx(1, value="\\X" + "0" * 100_000 + "\\")]),
        b"\r" * 1_000_000,
        message([obx(1, code="^" * 100_000)]),
    ],
    ids=["header", "field", "repetitions", "escapes", "hexadecimal", "lines", "components"],
)
def test_what_is_huge_is_read_or_refused_like_the_rest(sent: bytes) -> None:
    taken(sent)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    taken(sent)
    taken(b"MSH|^~\\&|" + sent)


PLAIN = st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="|^~\\&"), max_size=12)
FIELD = st.lists(PLAIN, min_size=1, max_size=4).map("^".join)


@given(st.lists(st.lists(FIELD, min_size=1, max_size=8), max_size=5))
def test_python_hl7_reads_the_same_of_what_is_well_formed(lines: list[list[str]]) -> None:
    sent = message(["|".join(["OBX", *one]) for one in lines])
    theirs, ours = hl7.parse(sent.decode()), split(sent)
    assert [str(one[0]) for one in theirs] == [one.name for one in ours]
    for other, own in zip(list(theirs)[1:], ours[1:], strict=True):
        for n in range(1, len(other)):
            assert str(other[n]) == own.field(n)
            assert [str(one) for one in str(other[n]).split("^")] == own.field(n).split("^")
