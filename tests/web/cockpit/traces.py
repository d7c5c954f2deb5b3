"""Which sessions are there to draw: an ordinary one, and any at all?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from daybreak.web.cockpit.traced import (
    LEVELS,
    Graded,
    Limit,
    Mark,
    Planned,
    Pressure,
    Reading,
    Running,
    Step,
    Trace,
)

TEN = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)  # 10:00 in New York


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def ordinary(**changed: Any) -> Trace:
    """A session 47 minutes after its first device, as it is drawn on the screen of the plan."""
    told: dict[str, Any] = {
        "zone": "America/New_York",
        "begins": after(-14),
        "now": after(47),
        "zero": TEN,
        "until": after(120),
        "holds": timedelta(minutes=20),
        "pressures": tuple(
            Pressure(after(at), Decimal(systolic), Decimal(diastolic), level)
            for at, systolic, diastolic, level in (
                (-12, 130, 80, ""),
                (-2, 128, 78, ""),
                (10, 139, 84, ""),
                (20, 148, 89, ""),
                (30, 157, 94, ""),
                (40, 166, 97, "caution"),
                (46, 170, 98, "alarm"),
            )
        ),
        "rates": tuple(
            Reading(after(at), Decimal(n)) for at, n in ((-12, 70), (-2, 68), (10, 74), (20, 79), (30, 82), (46, 84))
        ),
        "saturations": tuple(Reading(after(at), Decimal(n)) for at, n in ((-12, 97), (0, 97), (10, 96), (24, 91))),
        "breaths": tuple(Reading(after(at), Decimal(n)) for at, n in ((-12, 14), (10, 13), (40, 12))),
        "graded": (
            Graded("MOAA/S", "sed", 5, (Step(after(-12), 5), Step(after(15), 4, "slow answer"), Step(after(30), 4))),
            Graded(
                "Dissociation",
                "dis",
                3,
                (Step(after(-12), 0), Step(after(25), 2, "moderate"), Step(after(40), 2, "moderate")),
            ),
        ),
        "baseline": (Decimal(128), Decimal(78)),
        "limits": (
            Limit(Decimal(168), "own baseline + 40", True),
            Limit(Decimal(180), "absolute", False),
            Limit(Decimal(90), "alarm", True, "spo2"),
        ),
        "doses": (Mark(TEN, "device 1, 28 mg"), Mark(after(5), "device 2, 28 mg")),
        "marks": (Mark(after(26), "nausea 1"), Mark(after(38), "support")),
        "planned": (Planned(after(55), "pressure"), Planned(after(60), "sed"), Planned(after(60), "dis")),
        "last": tuple(
            (timedelta(minutes=at), Decimal(n)) for at, n in ((-2, 130), (20, 146), (40, 158), (60, 150), (118, 131))
        ),
    }
    return Trace(**(told | changed))


minutes = st.integers(-600, 3000).map(after)
numbers = st.none() | st.decimals(0, 400, allow_nan=False, places=1)
texts = st.text(max_size=30)
levels = st.sampled_from(LEVELS)
readings = st.lists(st.builds(Reading, minutes, numbers, levels, st.booleans()), max_size=12).map(tuple)
steps = st.lists(st.builds(Step, minutes, st.none() | st.integers(0, 5), texts, levels, st.booleans()), max_size=8)
graded = st.builds(Graded, texts, st.sampled_from(["sed", "dis"]), st.just(5), steps.map(tuple))
positive = st.decimals(30, 250, allow_nan=False, places=0)
any_trace = st.builds(
    Trace,
    zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    begins=minutes,
    now=st.none() | minutes,
    zero=st.none() | minutes,
    until=st.none() | minutes,
    holds=st.integers(0, 60).map(lambda n: timedelta(minutes=n)),
    pressures=st.lists(st.builds(Pressure, minutes, numbers, numbers, levels, st.booleans()), max_size=12).map(tuple),
    rates=readings,
    saturations=readings,
    breaths=readings,
    graded=st.lists(graded, max_size=3).map(tuple),
    baseline=st.none() | st.just((Decimal(128), Decimal(78))),
    limits=st.lists(st.builds(Limit, positive, texts, st.booleans()), max_size=3).map(tuple),
    doses=st.lists(st.builds(Mark, minutes, texts, st.booleans()), max_size=4).map(tuple),
    runs=st.lists(st.builds(Running, minutes, st.none() | minutes, texts), max_size=2).map(tuple),
    marks=st.lists(st.builds(Mark, minutes, texts, st.booleans()), max_size=6).map(tuple),
    planned=st.lists(
        st.builds(Planned, minutes, st.sampled_from(["pressure", "spo2", "sed", "other"])), max_size=4
    ).map(tuple),
    last=st.lists(st.tuples(st.integers(-20, 120).map(lambda n: timedelta(minutes=n)), positive), max_size=4).map(
        tuple
    ),
)
