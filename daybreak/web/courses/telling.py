"""How is a visit told on a page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from daybreak.web import zones
from daybreak.web.courses import gates
from daybreak.web.courses.models import EndReason, Visit, WayHome, What, Why
from daybreak.web.courses.state import Standing
from daybreak.web.words import word

VISIT = {
    Visit.TREATMENT: "courses.visit_treatment",
    Visit.ASSESSMENT: "courses.visit_assessment",
    Visit.TALK: "courses.visit_talk",
}
WHAT = {
    What.BOOKED: "courses.what_booked",
    What.MOVED: "courses.what_moved",
    What.WAY_HOME: "courses.what_way_home",
    What.INTERPRETER: "courses.what_interpreter",
    What.BACK: "courses.what_taken_back",
    What.ARRIVED: "courses.what_arrived",
    What.LATE: "courses.what_late",
    What.NO_SHOW: "courses.what_no_show",
    What.BY_PATIENT: "courses.what_by_patient",
    What.BY_CLINIC: "courses.what_by_clinic",
    What.LEFT: "courses.what_left",
}
WHY = {
    Why.ILL: "courses.why_ill",
    Why.RIDE: "courses.why_ride",
    Why.WORK: "courses.why_work",
    Why.COST: "courses.why_cost",
    Why.FORGOT: "courses.why_forgot",
    Why.AFRAID: "courses.why_afraid",
    Why.CLINIC: "courses.why_clinic",
    Why.GATE: "courses.why_gate",
    Why.NOT_SAID: "courses.why_not_said",
    Why.OTHER: "courses.why_other",
}
HOME = {
    WayHome.ACCOMPANIED: "courses.home_accompanied",
    WayHome.TRANSPORT: "courses.home_transport",
    WayHome.RIDE: "courses.home_ride",
    WayHome.WALKS: "courses.home_walks",
    WayHome.STAYS: "courses.home_stays",
    WayHome.NOT_KNOWN: "courses.home_not_known",
}
END = {
    EndReason.COMPLETED: "courses.end_completed",
    EndReason.SWITCHED: "courses.end_switched",
    EndReason.NO_BENEFIT: "courses.end_no_benefit",
    EndReason.HARM: "courses.end_harm",
    EndReason.WISH: "courses.end_wish",
    EndReason.MOVED: "courses.end_moved",
    EndReason.OTHER: "courses.end_other",
}
PHASE = {
    "induction": "courses.phase_induction",
    "optimisation": "courses.phase_optimisation",
    "maintenance": "courses.phase_maintenance",
}


def choices(said: Mapping[Any, str], language: str) -> list[tuple[str, str]]:
    """Each value with its words."""
    return [(_value(one), word(id, language)) for one, id in said.items()]


def _value(one: StrEnum) -> str:
    return one.value


def told(visits: Sequence[Standing], language: str, *, at: datetime) -> list[dict[str, Any]]:
    """Everything a page shows of these visits. What is missing is asked only of those that are not over."""
    ahead = [one for one in visits if not one.over and one.ends > at]
    missing = gates.missing(ahead, at=at)
    return [_told(one, missing.get(one.booking.id), language) for one in visits]


def _told(now: Standing, missing: list[gates.Gate] | None, language: str) -> dict[str, Any]:
    row, ahead = now.booking, missing is not None
    return {
        "id": row.id,
        "patient": row.patient_id,
        "visit": word(VISIT[Visit(row.visit)], language),
        "step": row.step,
        "day": zones.minute(now.starts),
        "from": zones.clock(now.starts),
        "until": zones.clock(now.ends),
        "hour": f"{timezone.localtime(now.starts):%H:%M}",
        "until_hour": f"{timezone.localtime(now.ends):%H:%M}",
        "chair": now.chair.name,
        "room": now.chair.room.name,
        "last": word(WHAT[now.last], language),
        "why": word(WHY[Why(now.why)], language) if now.why else "",
        "ahead": ahead,
        "over": now.over,
        "free": now.free,
        "firm": ahead and not missing,
        "missing": [
            {
                "what": word(gate.name, language, **gate.values(now)),
                "who": word(f"role.{gate.role}", language),
                "where": gate.where,
            }
            for gate in missing or ()
        ],
        "interpreter": now.interpreter,
        **goes_home(now, language),
    }


def goes_home(now: Standing, language: str) -> dict[str, Any]:
    """How they get home and with whom; `home_open`: a treatment of which nobody knows it, and they have not left."""
    home = now.way_home
    known = home is not None and home.home != WayHome.NOT_KNOWN
    return {
        "home": word(HOME[WayHome(home.home)], language) if home else "",
        "home_name": home.with_name if home else "",
        "home_phone": home.with_phone if home else "",
        "home_open": now.booking.visit == Visit.TREATMENT and not now.over and not known,
    }
