"""Does one other byte undo a signature, and does a file say no more than it proves?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.exchange.signed import (
    CHANGED,
    EARLY,
    HOLDS,
    OTHER_KEY,
    STALE,
    UNSIGNED,
    NotSignable,
    canonical,
    fingerprint,
    seal,
    verify,
)

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
UNTIL = AT + timedelta(days=30)
DOCUMENT = {"asked": 31, "answered": 12, "share": "0.387", "words": "Größe, 剂量", "none": None, "rows": [{"n": 11}]}


def sealed(secret: str = "a secret of the clinic", **other) -> bytes:
    told = {"what": "card", "site": "Harbor", "key_id": "1", "at": AT, "until": UNTIL, **other}
    return seal(DOCUMENT, secret=secret, **told)


def test_what_nobody_changed_holds_and_says_how_little_that_is() -> None:
    told = verify(sealed(), at=AT, what="card", fingerprint=fingerprint("a secret of the clinic").upper())
    assert (told.state, told.holds, told.document, told.key) == (HOLDS, True, DOCUMENT, "1")
    assert told.sentence == ("unchanged since Harbor signed it on 2026-11-30; nobody outside has checked the records")


def test_one_other_byte_is_another_file() -> None:
    file = sealed()
    for i in range(len(file)):
        for other in {file[i] ^ 1, file[i] ^ 32, 0x20}:
            told = verify(file[:i] + bytes([other]) + file[i + 1 :], at=AT, what="card")
            assert other == file[i] or (told.state in (CHANGED, UNSIGNED) and told.document is None), (i, other)
    for other in (file[:-1], file + b"\n", b" " + file, file[:-2], file.replace(b":31,", b":31,\n")):
        assert verify(other, at=AT, what="card").state == CHANGED
    assert verify(file.replace(b'"asked":31', b'"asked":31,"asked":31'), at=AT, what="card").state == CHANGED


def test_a_document_of_one_kind_never_passes_for_another() -> None:
    assert verify(sealed(what="summary"), at=AT, what="card").state == CHANGED


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (AT - timedelta(seconds=1), EARLY),
        (UNTIL - timedelta(seconds=1), HOLDS),
        (UNTIL, STALE),
        (UNTIL + timedelta(days=900), STALE),
    ],
)
def test_it_holds_from_when_it_was_signed_until_it_says(at, state) -> None:
    told = verify(sealed(), at=at, what="card")
    assert (told.state, told.holds) == (state, state == HOLDS)


def test_a_stranger_who_signs_in_the_clinics_name_is_told_from_it_by_the_fingerprint_alone() -> None:
    false = sealed("a secret of a stranger")
    assert verify(false, at=AT, what="card").holds
    told = verify(false, at=AT, what="card", fingerprint=fingerprint("a secret of the clinic"))
    assert (told.state, told.holds) == (OTHER_KEY, False)
    assert "do not take it for Harbor's" in told.sentence


@pytest.mark.parametrize("file", [b"", b"{}", b"[]", b"\xff\xfe", canonical(DOCUMENT), b"no JSON"])
def test_what_has_no_signature_is_not_signed(file) -> None:
    told = verify(file, at=AT, what="card")
    assert (told.state, told.sentence) == (UNSIGNED, "not signed: anybody may have written it")


@pytest.mark.parametrize("taken", ["form", "what", "site", "signed", "until", "key", "document"])
def test_a_field_that_was_taken_out_or_put_in_is_a_change(taken) -> None:
    envelope = json.loads(sealed())
    less = {name: value for name, value in envelope.items() if name != taken}
    for other in (less, {**envelope, "more": 1}, {**envelope, taken: [1]}):
        assert verify(canonical(other) + b"\n", at=AT, what="card").state == CHANGED


def test_what_has_two_ways_to_be_written_is_not_signed() -> None:
    for value in (0.5, float("nan"), {1: 2}, {"a": [b"x"]}):
        with pytest.raises(NotSignable):
            canonical({"value": value})
    with pytest.raises(NotSignable):
        sealed(until=AT)
