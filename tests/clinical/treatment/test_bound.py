"""Whoever is with an emergency is not free for anybody else, and of one with nobody in it nobody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.clinical.treatment.bound import Emergency, There, bound, uncovered
from daybreak.clinical.treatment.events import Event, What

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
NURSE = There("lee", frozenset({"nurse"}), "Room 1")
OTHER = There("kim", frozenset({"nurse"}), "Room 2")
DOCTOR = There("okafor", frozenset({"prescriber"}), "")
NEEDED = ("nurse", "prescriber")


def events(*told: tuple[str, str | None]) -> tuple[Event, ...]:
    return tuple(
        Event(n, what, happened=NOON + timedelta(minutes=n), by=by) for n, (what, by) in enumerate(told, start=1)
    )


OPENED = (What.EMERGENCY_OPENED, "okafor")


def test_without_an_emergency_nobody_is_uncovered() -> None:
    assert uncovered((), (), needed=NEEDED) == ()


def test_who_acted_in_it_and_who_is_in_its_room_is_bound() -> None:
    one = Emergency(events((What.CHECK, "kim"), OPENED), "Room 1")
    assert bound([one], [NURSE, OTHER, DOCTOR]) == {"lee", "okafor"}
    assert uncovered([one], [NURSE, OTHER, DOCTOR], needed=NEEDED) == ("prescriber",)
    assert uncovered([one], [NURSE, DOCTOR], needed=NEEDED) == ("nurse", "prescriber")


@pytest.mark.parametrize("told", [[(What.EMERGENCY_OPENED, None)], [(What.EMERGENCY_OPENED, "gone")]])
def test_of_an_emergency_in_which_nobody_is_known_to_be_everybody_is_bound(told) -> None:
    one = Emergency(events(*told), "")
    assert uncovered([one], [NURSE, OTHER, DOCTOR], needed=NEEDED) == NEEDED


def test_what_was_done_in_one_that_is_over_binds_nobody_in_the_next() -> None:
    closed = (What.EMERGENCY_CLOSED, "okafor")
    one = Emergency(events(OPENED, closed, (What.EMERGENCY_OPENED, "kim"), (What.CHECK, None)), "")
    assert bound([one], [NURSE, OTHER, DOCTOR]) == {"kim"}


def test_a_room_without_a_name_is_nobodys() -> None:
    assert bound([Emergency(events(OPENED), "")], [DOCTOR, There("x", frozenset(), "")]) == {"okafor"}
