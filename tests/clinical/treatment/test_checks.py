"""Is every check due when it should be, and does nobody leave the watch too soon, whatever clocks and zones say?"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from daybreak.clinical.treatment.checks import (
    Check,
    Done,
    Due,
    Facts,
    Item,
    Moment,
    Schedule,
    due,
    fallen,
    next_device,
    overdue,
    watch_until,
)
from tests.clinical.treatment.watching import MINUTE

START = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
PRESSURE = ("pressure",)
BEFORE = Check("before", "before", ("pressure", "spo2"), 30 * MINUTE)
PEAK = Check("peak", "after_first", ("pressure", "spo2"), 40 * MINUTE, early=5 * MINUTE, late=5 * MINUTE)
FALLING = Check("falling", "falling", PRESSURE, 15 * MINUTE, late=5 * MINUTE)
LEAVING = Check("leaving", "leaving", ("pressure", "spo2"), 0 * MINUTE, early=15 * MINUTE)
NASAL = Schedule(120 * MINUTE, 90 * MINUTE, 5 * MINUTE, (BEFORE, PEAK, FALLING, LEAVING), 5 * MINUTE)
DURING = Check("during", "every", PRESSURE, 10 * MINUTE, late=5 * MINUTE, dosing=True)
AFTER = Check("after", "every", ("pressure", "spo2"), 15 * MINUTE, late=5 * MINUTE)
VEIN = Schedule(None, 60 * MINUTE, None, (BEFORE, DURING, AFTER, LEAVING))


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def known(minutes: float) -> Moment:
    return Moment(at(minutes), at(minutes))


def saw(*rows: str, when: float, values: tuple[int, ...] = (), received: float | None = None) -> tuple[Done, ...]:
    told = tuple(Decimal(one) for one in values)
    return tuple(
        Done(row, at(when), at(when if received is None else received), told if row == "pressure" else ())
        for row in rows
    )


def pressure(when: float, systolic: int, diastolic: int = 80) -> tuple[Done, ...]:
    return saw("pressure", when=when, values=(systolic, diastolic))


def item(id: str, facts: Facts, now: float, schedule: Schedule = NASAL) -> Item:
    return next(one for one in due(facts, schedule, at(now)) if one.id == id)


def test_before_the_dose_everything_has_to_be_fresh() -> None:
    assert item("before", Facts(), 0) == Item("before", Due.DUE, ("pressure", "spo2"), None)
    seen = saw("pressure", when=-10) + saw("spo2", when=-5)
    assert item("before", Facts(done=seen), 0) == Item("before", Due.DONE, (), None, done=at(-5))
    assert item("before", Facts(done=seen), 20).state is Due.DONE
    assert item("before", Facts(done=seen), 21).rows == ("pressure",)


def test_what_nobody_looked_at_before_the_dose_stays_missed() -> None:
    seen = saw("pressure", when=-40) + saw("pressure", "spo2", when=1)
    found = item("before", Facts(first=known(0), done=seen), 10)
    assert found == Item("before", Due.DONE, ("pressure", "spo2"), None, missed=True)
    assert item("before", Facts(first=known(0), done=saw("pressure", "spo2", when=-1)), 10).missed is False


def test_about_forty_minutes_after_the_first_device() -> None:
    facts = Facts(first=known(0), last_end=known(5))
    assert item("peak", Facts(), 0) == Item("peak", Due.AHEAD, ("pressure", "spo2"), None)
    assert item("peak", facts, 34).state is Due.AHEAD
    assert item("peak", facts, 35).state is Due.DUE
    assert item("peak", facts, 45).state is Due.DUE
    late = item("peak", facts, 46)
    assert (late.state, late.overdue_by, late.at) == (Due.OVERDUE, 6 * MINUTE, at(40))
    assert overdue(due(facts, NASAL, at(46))) == {"peak"}
    assert overdue(due(facts, NASAL, at(45))) == frozenset()


def test_a_look_too_soon_does_not_count_and_half_a_look_names_what_is_lacking() -> None:
    early = Facts(first=known(0), done=saw("pressure", "spo2", when=34))
    assert item("peak", early, 46).rows == ("pressure", "spo2")
    half = Facts(first=known(0), done=saw("pressure", when=38))
    assert item("peak", half, 46).rows == ("spo2",)
    whole = Facts(first=known(0), done=saw("pressure", when=38) + saw("spo2", when=41))
    assert item("peak", whole, 46) == Item("peak", Due.DONE, (), at(40), done=at(41))


def test_a_late_entry_answers_and_a_late_look_is_called_missed() -> None:
    entered = Facts(first=known(0), done=saw("pressure", "spo2", when=40, received=80))
    assert item("peak", entered, 80) == Item("peak", Due.DONE, (), at(40), done=at(40))
    looked = Facts(first=known(0), done=saw("pressure", "spo2", when=50))
    assert item("peak", looked, 80) == Item("peak", Due.DONE, (), at(40), done=at(50), missed=True)


def test_when_the_dose_is_uncertain_the_check_comes_sooner_and_the_watch_ends_later() -> None:
    facts = Facts(first=Moment(at(0), at(12)), last_end=Moment(at(5), at(17)))
    assert item("peak", facts, 40).at == at(40)
    assert watch_until(facts, NASAL) == at(132)


def test_pressure_again_until_it_falls() -> None:
    facts = Facts(first=known(0), last_end=known(5), baseline=(Decimal(120), Decimal(80)))
    assert item("falling", Facts(), 0).state is Due.AHEAD
    assert item("falling", facts, 50).state is Due.AHEAD
    early = Facts(facts.first, facts.last_end, done=pressure(20, 150), baseline=facts.baseline)
    assert item("falling", early, 50).state is Due.AHEAD
    risen = Facts(facts.first, facts.last_end, done=pressure(20, 150) + pressure(40, 160), baseline=facts.baseline)
    assert item("falling", risen, 54).state is Due.AHEAD
    assert item("falling", risen, 55).state is Due.DUE
    assert item("falling", risen, 61).state is Due.OVERDUE
    down = Facts(facts.first, facts.last_end, done=risen.done + pressure(55, 150), baseline=facts.baseline)
    assert item("falling", down, 90) == Item("falling", Due.DONE, (), None, done=at(55))


@pytest.mark.parametrize(
    ("pressures", "own", "found"),
    [
        ([(150, 90)], (), False),
        ([(150, 90)], (150, 90), True),
        ([(150, 91)], (150, 90), False),
        ([(150, 90), (149, 89)], (), True),
        ([(150, 90), (149, 90)], (), False),
        ([(150, 90), (149, 80)], (120, 80), True),
        ([(150, 90), (160, 95), (155, 94)], (120, 80), True),
        ([(150, 90), (155, 95)], (120, 80), False),
        ([(190, 95), (150, 85), (185, 94)], (120, 80), False),
        ([(190, 95), (150, 85), (150, 85)], (120, 80), True),
    ],
)
def test_fallen_is_lower_than_before_above_and_below(pressures, own, found) -> None:
    told = [tuple(Decimal(n) for n in one) for one in pressures]
    assert fallen(told, tuple(Decimal(n) for n in own)) is found


def test_again_and_again_while_the_infusion_runs_and_after_it() -> None:
    assert item("during", Facts(), 0, VEIN).state is Due.AHEAD
    running = Facts(first=known(0))
    assert item("during", running, 9, VEIN).state is Due.AHEAD
    assert item("during", running, 10, VEIN) == Item("during", Due.DUE, PRESSURE, at(10))
    assert item("during", running, 16, VEIN).state is Due.OVERDUE
    assert item("during", Facts(first=known(0), done=pressure(12, 130)), 16, VEIN).at == at(22)
    ended = Facts(first=known(0), last_end=known(40))
    assert item("during", ended, 60, VEIN) == Item("during", Due.DONE, (), None)
    assert item("after", running, 60, VEIN).state is Due.AHEAD
    half = Facts(first=known(0), last_end=known(40), done=pressure(50, 130))
    assert item("after", half, 55, VEIN) == Item("after", Due.DUE, ("spo2",), at(55))
    assert item("after", half, 66, VEIN).rows == ("pressure", "spo2")


def test_before_leaving_everything_is_looked_at_once_more() -> None:
    facts = Facts(first=known(0), last_end=known(10), done=saw("pressure", "spo2", when=40))
    assert item("leaving", Facts(first=known(0)), 60) == Item("leaving", Due.AHEAD, ("pressure", "spo2"), None)
    assert item("leaving", facts, 104) == Item("leaving", Due.AHEAD, ("pressure", "spo2"), at(105))
    assert item("leaving", facts, 105).state is Due.DUE
    assert item("leaving", facts, 500).state is Due.DUE
    seen = Facts(facts.first, facts.last_end, done=facts.done + saw("pressure", "spo2", when=110))
    assert item("leaving", seen, 120) == Item("leaving", Due.DONE, (), at(105), done=at(110))


def test_the_watch_counts_from_first_and_last_and_anew_after_a_sedative() -> None:
    assert watch_until(Facts(), NASAL) is None
    assert watch_until(Facts(first=known(0)), NASAL) is None
    assert watch_until(Facts(first=known(0), last_end=known(10)), NASAL) == at(120)
    assert watch_until(Facts(first=known(0), last_end=known(40)), NASAL) == at(130)
    assert watch_until(Facts(known(0), known(10), restarted=known(50)), NASAL) == at(170)
    only_first = Schedule(120 * MINUTE, None, None, ())
    assert watch_until(Facts(known(0), known(10), restarted=known(50)), only_first) == at(170)


def test_without_signed_minutes_nobody_is_ever_watched_for_long_enough() -> None:
    assert watch_until(Facts(known(0), known(40), restarted=known(50)), Schedule(None, None, None, ())) is None


def test_the_next_device_waits_for_the_latest_time_of_the_last() -> None:
    assert next_device(Moment(at(0), at(3)), NASAL) == at(8)
    assert next_device(known(0), VEIN) == at(0)


def test_a_clock_that_was_set_back_takes_no_check_away() -> None:
    facts = Facts(first=known(0), done=saw("pressure", when=50))
    assert item("peak", facts, -10).state is Due.OVERDUE


ZONES = tuple(
    ZoneInfo(name)
    for name in (
        *("UTC", "America/New_York", "America/St_Johns", "Europe/Berlin", "Europe/London", "Asia/Shanghai"),
        *("Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"),
    )
)
# Hours round which clocks were set: summer time, a day that Samoa left out, leap seconds.
TURNS = (
    *(datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
    *(
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2026, 4, 4, 15, tzinfo=UTC),
        datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    ),
    *(datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    *(datetime(2015, 6, 30, 23, 59, 59, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC)),
)
SESSIONS = 10_000 if os.environ.get("DAYBREAK_DEEP") == "1" else 500


def test_random_sessions_across_every_turn_of_the_clock() -> None:
    """What is due is told by counting whole seconds since 1970, which knows no zones; the times come in zones of all kinds."""
    chance = random.Random(20261129)
    for _ in range(SESSIONS):
        begin = int(chance.choice(TURNS).timestamp()) - chance.randrange(0, 4 * 3600)

        def zoned(second: int) -> datetime:
            return datetime.fromtimestamp(second, chance.choice(ZONES))

        unsure = chance.choice([0, 0, chance.randrange(0, 900)])
        last = begin + chance.randrange(0, 1200)
        first = Moment(zoned(begin), zoned(begin + unsure))
        end = Moment(zoned(last), zoned(last + unsure))
        looks = sorted(begin + chance.randrange(0, 9000) for _ in range(chance.randrange(0, 4)))
        # a server whose clock jumps back asks with an earlier time; what it has received it knows
        now = begin + chance.randrange(0, 9000)
        done = tuple(Done("pressure", zoned(s), zoned(s), (Decimal(120), Decimal(80))) for s in looks if s <= now)
        asked = now - chance.choice([0, 0, 0, 3600])
        facts = Facts(first, end, done=done + tuple(Done("spo2", one.happened, one.received) for one in done))
        until = watch_until(facts, NASAL)
        assert until is not None
        assert until.timestamp() == max(begin + unsure + 7200, last + unsure + 5400)
        believed = max([asked, *(s for s in looks if s <= now)])
        found = next(one for one in due(facts, NASAL, zoned(asked)) if one.id == "peak")
        answers = [s for s in looks if begin + 2100 <= s <= now]
        if answers:
            assert (found.state, found.done.timestamp()) == (Due.DONE, answers[0])
            assert found.missed is (answers[0] - begin - 2400 > 300)
        elif believed > begin + 2700:
            assert (found.state, found.overdue_by.total_seconds()) == (Due.OVERDUE, believed - begin - 2400)
        else:
            assert found.state is (Due.DUE if believed >= begin + 2100 else Due.AHEAD)
