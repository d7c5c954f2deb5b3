"""Is what a clinic signs known by its key, also after a new key, and in a clinic of before there was one?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.exchange.signed import HOLDS, OTHER_KEY, verify
from daybreak.web import key_file, place, signing
from daybreak.web.place import NotReady

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("DAYBREAK_HOME", str(tmp_path))
    place.make(profile="clinic", public_url="https://x.example.org", database=None)
    return tmp_path


def signed() -> bytes:
    return signing.sign(
        {"n": 1}, where=place.current(), what="card", site="Harbor", at=AT, until=AT + timedelta(days=1)
    )


def test_after_a_new_key_the_older_files_are_known_by_the_older_fingerprint(home) -> None:
    before = signed()
    key_file.rotate("signatures")
    after = signed()
    (newest, second), (oldest, first) = signing.fingerprints(place.current())
    assert (newest, oldest) == ("2", "1")
    for file, own, other in ((before, first, second), (after, second, first)):
        assert verify(file, at=AT, what="card", fingerprint=own).state == HOLDS
        assert verify(file, at=AT, what="card", fingerprint=other).state == OTHER_KEY
    assert place.current().keys["signatures"][0].secret.encode() not in after


def test_a_clinic_of_before_goes_on_and_makes_its_first_key_when_it_signs(home) -> None:
    file = home / "clinic.json"
    told = json.loads(file.read_text())
    del told["keys"]["signatures"]
    file.write_text(json.dumps(told))
    assert signing.fingerprints(place.current()) == []
    with pytest.raises(NotReady, match="daybreak keys rotate signatures"):
        signed()
    assert key_file.rotate("signatures").id == "1"
    assert verify(signed(), at=AT, what="card", fingerprint=signing.fingerprints(place.current())[0][1]).state == HOLDS
