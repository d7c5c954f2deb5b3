"""How are a wish, an offer and free time told on a page?"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from daybreak.web import zones
from daybreak.web.courses.models import Visit
from daybreak.web.courses.telling import VISIT
from daybreak.web.waitlist.models import AFTERNOON, ANY, MORNING, Event, What, Wish
from daybreak.web.waitlist.slots import Slot
from daybreak.web.waitlist.state import State
from daybreak.web.words import word

HALF = {ANY: "waitlist.any_time", MORNING: "waitlist.morning", AFTERNOON: "waitlist.afternoon"}
WHAT = {
    What.OFFERED: "waitlist.was_offered",
    What.DECLINED: "waitlist.was_declined",
    What.NO_ANSWER: "waitlist.was_no_answer",
    What.ACCEPTED: "waitlist.was_accepted",
    What.WITHDRAWN: "waitlist.was_withdrawn",
}
ANSWER = {
    What.ACCEPTED: "waitlist.accepts",
    What.DECLINED: "waitlist.declines",
    What.NO_ANSWER: "waitlist.no_answer",
}


def wish(one: Wish, now: State, language: str) -> dict[str, Any]:
    """A wish and what it is for, in the zone of this page."""
    names = word("courses.weekdays", language).split(" ")
    days = ", ".join(names[int(n)] for n in one.weekdays) or word("waitlist.any_day", language)
    wants = [days, word(HALF[one.half], language)]
    wants += [word("waitlist.from_day", language, day=one.earliest)] if one.earliest else []
    wants += [word("waitlist.not_on_days", language, days=one.not_on.replace(" ", ", "))] if one.not_on else []
    wants += [word("waitlist.with_bed", language)] if one.bed else []
    wants += [word("waitlist.with_interpreter", language)] if one.interpreter else []
    return {
        "id": one.id,
        "patient": one.patient_id,
        "since": zones.minute(one.created),
        "visit": word(VISIT[Visit(one.visit)], language),
        "minutes": one.minutes,
        "wants": " · ".join(wants),
        "text": one.text,
        "moves": one.booking_id is not None,
        "seen": now.next,
        "open": now.ended is None,
        "offer": event(now.offer, language) if now.offer else None,
        "events": [event(each, language) for each in now.events],
    }


def event(one: Event, language: str) -> dict[str, Any]:
    """What happened to it."""
    return {
        "what": word(WHAT[What(one.what)], language),
        "at": zones.minute(one.created),
        "when": f"{zones.minute(one.starts)} · {one.chair.room.name}, {one.chair.name}" if one.chair else "",
        "until": zones.minute(one.expires) if one.expires else "",
        "by": one.by.display_name if one.by else word("courses.by_patient", language),
        "text": one.text,
    }


def slot(one: Slot, language: str) -> dict[str, Any]:
    """Free time on a chair."""
    names = word("courses.weekdays", language).split(" ")
    begins, ends = timezone.localtime(one.starts), timezone.localtime(one.ends)
    return {
        "chair_id": one.chair.id,
        "starts": one.starts.isoformat(),
        "said": f"{names[begins.weekday()]} {begins:%Y-%m-%d %H:%M} – {ends:%H:%M %Z}",
        "chair": f"{one.chair.room.name}, {one.chair.name}",
    }
