"""What happens in the demo's three rooms, minute by minute?

In the first the pressure rises and falls again; in the second nobody looks when it is time, and the sensor slips off a finger;
in the third the pump of an infusion stops, and somebody leaves. What the devices say meanwhile is in `signs` and `pump`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from daybreak.clinical.treatment.events import Outcome
from daybreak.demo.staff import HARBOUR
from daybreak.demo.treating import (
    Chair,
    Do,
    answers,
    cleared,
    comes,
    dose,
    ends_early,
    infusion,
    is_ready,
    is_who,
    leaves,
    saw,
    sees_to_it,
    set_up,
    takes_off,
    writes,
)
from daybreak.web.patients.models import Registration
from daybreak.web.refusals import Refused

log = logging.getLogger("daybreak.demo")

RISES, LATE, LEAVES = "H-1061", "H-1062", "H-1063"
CALM = {"heart_rate": 72, "spo2": 98, "breaths": 14, "moaa_s": 5}
WELL = {"spo2": 98, "moaa_s": 5, "dissociation": 0}
FAR = {"spo2": 97, "moaa_s": 4, "dissociation": 2}
WHY = "Has to fetch a child and does not want to wait. Was told why staying is better; Jo drives."
BEFORE, LEAVING = "before", "leaving"

# By patient: at which minute after the demo was made (below nought: before it) what is done.
STORY: Mapping[str, tuple[tuple[int, Do], ...]] = {
    RISES: (
        (-56, comes),
        (-54, is_who),
        (-46, answers(BEFORE)),
        (-42, saw(136, 84, **CALM)),
        (-34, cleared),
        (-30, dose),
        (-25, dose),
        (-12, saw(152, 92, **FAR)),
        (1, writes("Says: my head is pounding.")),
        (2, saw(184, 112, spo2=97, heart_rate=98)),
        (5, sees_to_it("At the chair. Lies down, light off; measured again in five minutes.", doctor=True)),
        (10, saw(176, 106, **FAR)),
        (15, saw(164, 98, heart_rate=88)),
        (16, sees_to_it("It falls; measured again in ten minutes.")),
        (25, saw(150, 90, **WELL)),
        (27, sees_to_it("Below the limit and still falling; lies on.")),
        (40, saw(140, 86, heart_rate=74)),
        (86, saw(138, 84, **WELL)),
        (87, takes_off),
        (88, answers(LEAVING)),
        (91, sees_to_it("All is calm; nothing has to be done.")),
        (92, is_ready),
        (96, leaves(Outcome.DISCHARGED)),
    ),
    LATE: (
        (-75, comes),
        (-73, is_who),
        (-66, answers(BEFORE)),
        (-62, saw(124, 78, **CALM)),
        (-54, cleared),
        (-43, dose),
        (-38, dose),
        (-28, saw(132, 82, moaa_s=4, dissociation=1)),
        (9, saw(134, 84, **FAR)),
        (10, sees_to_it("Looked at now, twelve minutes late: was in the other room.")),
        (16, sees_to_it("The sensor had slipped off the finger; it is on again.")),
        (25, saw(128, 80, **WELL)),
        (73, saw(124, 78, **WELL)),
        (74, takes_off),
        (75, answers(LEAVING)),
        (78, sees_to_it("All is calm; nothing has to be done.")),
        (79, is_ready),
        (82, leaves(Outcome.DISCHARGED)),
    ),
    LEAVES: (
        (-58, comes),
        (-56, is_who),
        (-49, answers(BEFORE)),
        (-45, saw(118, 76, **CALM)),
        (-36, set_up),
        (-28, infusion),
        (-14, saw(130, 84, **FAR)),
        (-2, saw(132, 84, **FAR)),
        (4, sees_to_it("The line is kinked and the vein swollen: it does not go on.")),
        (5, ends_early("27.1", "line")),
        (6, saw(126, 80, **WELL)),
        (7, writes("Wants to go now: the nursery has called.")),
        (10, sees_to_it("The arm is cool and soft; nothing else.")),
        (11, takes_off),
        (12, leaves(Outcome.AGAINST_ADVICE, why=WHY)),
    ),
}


def play(*, opened: datetime, after: datetime | None, until: datetime, live: bool) -> None:
    """What is to be done after the one moment and until the other; `live`: now, else each at its own time.

    What cannot be done any more, because whoever looks on has done something else, is left out.
    """
    due_now = [one for one in _acts(opened) if one[0] <= until and (after is None or one[0] > after)]
    chairs = {number: chair(number) for number in {one[1] for one in due_now}}
    for due, number, place, do in due_now:
        who = chairs[number]
        if who is None:
            continue
        try:
            with transaction.atomic():
                do(who, until if live else due, _key(opened, number, place))
        except (Refused, ObjectDoesNotExist) as refused:
            if not live:
                raise
            log.debug("act %s of %s is left out: %s", place, number, type(refused).__name__)


def _acts(opened: datetime) -> Iterator[tuple[datetime, str, int, Do]]:
    """In the order of time."""
    every = [
        (opened + timedelta(minutes=minute), number, place, do)
        for number, acts in STORY.items()
        for place, (minute, do) in enumerate(acts)
    ]
    yield from sorted(every, key=lambda one: one[:3])


def chair(number: str) -> Chair | None:
    """A demo of few patients may not have this one."""
    row = Registration.objects.filter(site__name=HARBOUR, number=number).select_related("patient", "site").first()
    return Chair(row.patient, row.site) if row else None


def _key(opened: datetime, number: str, place: int) -> UUID:
    """Whoever begins again in the middle of an act does it once."""
    return uuid5(UUID(int=0), f"{opened.isoformat()} {number} {place}")
