"""Are keys unique, sorted by time, and what the standard says?"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from daybreak.web import ids


def test_a_key_is_a_uuid_of_version_7() -> None:
    key = ids.new()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert abs((key.int >> 80) / 1000 - time.time()) < 5


def test_keys_are_unique_and_sorted_by_time() -> None:
    assert len({ids.new() for _ in range(10_000)}) == 10_000
    early = ids.new()
    time.sleep(0.002)
    assert early < ids.new()


def test_the_first_key_of_a_moment_is_before_every_key_of_it() -> None:
    before = datetime.now(UTC)
    key = ids.new()
    assert ids.first_of(before) <= key < ids.first_of(datetime.now(UTC) + timedelta(milliseconds=1))
