"""What happened in a session, line by line, in the words of who reads it: what was noted, and what stands instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from daybreak.clinical.treatment import commands
from daybreak.clinical.treatment.events import Event, What, moment
from daybreak.clinical.treatment.rules import Rules
from daybreak.clinical.treatment.session import corrected, lots
from daybreak.knowledge import sessions
from daybreak.web import zones
from daybreak.web.courses.models import WayHome
from daybreak.web.courses.telling import HOME
from daybreak.web.people.models import Person
from daybreak.web.treatment import from_pump
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import known, word

PRIVATE = frozenset(
    {"pregnancy", "feels_safe"}
)  # whose answers bear a label: who may not read it sees only what follows from it
PLACES = {"floor": "treatment.from_floor", "wall": "treatment.from_wall", "locked": "treatment.from_locked"}
WHOM = {
    "escort": "treatment.whom_escort",
    "contact": "treatment.whom_contact",
    "transport": "treatment.whom_transport",
}
REACHED = {True: "treatment.was_reached", False: "treatment.was_not_reached"}
DECIDED = {"go": "treatment.decided_go", "stop": "treatment.decided_stop"}
TOLD = {
    What.ARRIVED: "treatment.was_arrived",
    What.IDENTIFIED: "treatment.was_identified",
    What.ANSWERED: "treatment.was_answered",
    What.PRESSURE_DECIDED: "treatment.was_pressure_decided",
    What.PUMP_COMPARED: "treatment.was_pump_compared",
    What.TIMED_OUT: "treatment.was_timed_out",
    What.CLEARED: "treatment.was_cleared",
    What.DOSE: "treatment.was_dose",
    What.INFUSION_STARTED: "treatment.was_infusion_started",
    What.INFUSION_ENDED: "treatment.was_infusion_ended",
    What.PAUSED: "treatment.was_paused",
    What.RESUMED: "treatment.was_resumed",
    What.STOPPED: "treatment.was_stopped",
    What.CHECK: "treatment.was_check",
    What.EVENT: "treatment.was_event",
    What.RESCUE: "treatment.was_rescue",
    What.CALLED: "treatment.was_called",
    What.ESCORT_MISSING: "treatment.was_escort_missing",
    What.ESCORT_TRIED: "treatment.was_escort_tried",
    What.ESCORT_DECIDED: "treatment.was_escort_decided",
    What.ESCORT_CAME: "treatment.was_escort_came",
    What.ALARM_RAISED: "treatment.was_alarm_raised",
    What.ALARM_ACKNOWLEDGED: "treatment.was_alarm_acknowledged",
    What.ALARM_ESCALATED: "treatment.was_alarm_escalated",
    What.ALARM_RESOLVED: "treatment.was_alarm_resolved",
    What.EMERGENCY_OPENED: "treatment.was_emergency_opened",
    What.EMERGENCY_CLOSED: "treatment.was_emergency_closed",
    What.READY: "treatment.was_ready",
    What.OBSERVING_AGAIN: "treatment.was_observing_again",
    What.ENDED: "treatment.was_ended",
    What.REOPENED: "treatment.was_reopened",
    What.CORRECTED: "treatment.was_corrected",
}


def events(now: Now, *, language: str, sensitive: bool) -> list[dict[str, Any]]:
    """The timeline, the newest first. What was corrected keeps its first word, with what stands instead beside it; a
    correction says of which event it is (`of`)."""
    stands = {one.seq: one for one in corrected(now.events)}
    first = {one.seq: one for one in now.events}
    people = names([*(one.by for one in now.events), *(one.told.get("done_by") for one in now.events)])
    return [
        {
            "seq": one.seq,
            "at": _at(one),
            "late": one.late,
            "said": _correction(one, first, language, sensitive=sensitive)
            if one.what == What.CORRECTED
            else said(one, language, sensitive=sensitive),
            "instead": _instead(one, stands[one.seq], language, sensitive=sensitive),
            "of": one.told.get("seq") if one.what == What.CORRECTED else None,
            "by": by(one, people, language),
            "what": one.what,
            "signed": one.signed,
        }
        for one in reversed(now.events)
    ]


def _at(one: Event) -> str:
    """When it was, and by how many minutes that may be off."""
    return zones.clock(one.happened) + (f" ± {-(-one.uncertain_s // 60)} min" if one.uncertain_s else "")


def _instead(one: Event, stands: Event, language: str, *, sensitive: bool) -> str:
    """What stands instead of an event's first word; "" when nothing does."""
    if stands.never:
        return word("treatment.never_was", language)
    if (stands.told, stands.happened) == (one.told, one.happened):
        return ""
    return f"{_at(stands)} · {said(stands, language, sensitive=sensitive)}"


def _correction(one: Event, first: Mapping[int, Event], language: str, *, sensitive: bool) -> str:
    """Which event it is of, what it tells instead, and why."""
    title, wrong = word(TOLD[What.CORRECTED], language), first.get(one.told["seq"])
    why = str(one.told.get("why", ""))
    if wrong is None:
        return f"{title}: {why}"
    return f"{title}: {zones.clock(wrong.happened)} → {corrects(wrong, one, language, sensitive=sensitive)} ({why})"


def corrects(wrong: Event, one: Event, language: str, *, sensitive: bool) -> str:
    """What a correction tells instead of an event: that it never was, or what it was, with its time where that moved."""
    moved = moment(one.told.get("happened"))
    now = replace(wrong, told=one.told["told"])
    if now.never:
        return word("treatment.never_was", language)
    said_now = said(now, language, sensitive=sensitive)
    if moved is None:
        return said_now
    return f"{_at(replace(now, happened=moved, uncertain_s=one.told.get('off_s', 0)))} · {said_now}"


def by(one: Event, people: Mapping[str, str], language: str) -> str:
    """Who wrote it, and who did it where that is somebody else."""
    wrote, did = people.get(one.by or "", ""), people.get(str(one.told.get("done_by", "")), "")
    return word("treatment.written_by", language, did=did, wrote=wrote) if did else wrote


def came_from(numbers: Sequence[str], serial: str, language: str) -> str:
    """The lots that a dose came from, and the serial number of its device."""
    said_ = word("treatment.from_lots", language, lots=", ".join(numbers))
    return f"{said_} · SN {serial}" if serial else said_


def names(ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these people, by id."""
    rows = Person.objects.filter(pk__in={one for one in ids if one})
    return {str(id): name for id, name in rows.values_list("pk", "display_name")}


def said(one: Event, language: str, *, sensitive: bool) -> str:
    """One line of the timeline."""
    told, words = one.told, known(language)
    text = word(TOLD[What(one.what)], language)
    more: list[str] = []
    if one.what == What.ANSWERED and told["question"] in PRIVATE and not sensitive:
        return f"{text}: {about(told['question'], language)} · {word('treatment.answered', language)}"
    if one.what == What.ANSWERED:
        more.append(about(told["question"], language))
        given = told.get("answer", "")
        more.append(
            answer(told["question"], given, language, sensitive=sensitive)
            if given
            else word(DECIDED[told["decided"]], language)
        )
        more += [word("treatment.together", language)] if told.get("together") else []
    elif one.what == What.CHECK:
        more += [sessions.rows()[told["row"]]["title"][words], value(told["row"], told.get("value"))]
        if origin := told.get("origin"):
            more.append(word("treatment.from_monitor", language, device=origin["device"], source=origin["source"]))
    elif one.what in (What.DOSE, What.INFUSION_STARTED, What.INFUSION_ENDED):
        more.append(amount(told.get("mg_low", "0"), told.get("mg_high")))
        more += [came_from(lots(told), str(told.get("serial", "")), language)] if lots(told) else []
        more.append(from_pump.said(told, language))
    elif one.what == What.IDENTIFIED:
        more.append(word("treatment.fits" if told.get("matched") else "treatment.fits_not", language))
    elif one.what == What.PRESSURE_DECIDED:
        more.append(word("treatment.decided_go" if told.get("go") else "treatment.decided_delay", language))
    elif one.what == What.PUMP_COMPARED:
        more.append(word("treatment.pump_is_refused" if told.get("refused") else "treatment.pump_fits", language))
    elif one.what == What.ESCORT_TRIED:
        more += [word(WHOM[told["whom"]], language), word(REACHED[told["reached"]], language)]
    elif one.what == What.ESCORT_DECIDED:
        more.append(word(HOME[WayHome(told["home"])], language))
    elif one.what == What.ENDED:
        more.append(sessions.ends()[told["outcome"]]["title"][words])
    elif one.what == What.RESCUE:
        more += [str(told.get("drug", "")), f"{told['mg']} mg" if told.get("mg") else ""]
    elif one.what == What.EVENT and told.get("card"):
        more.append(sessions.cards()[told["card"]]["title"][words])
    elif one.what == What.EVENT and told.get("discarded"):
        more.append(word("treatment.discarded", language, what=told["discarded"]))
    elif one.what == What.EVENT and told.get("emergency"):
        more.append(word("treatment.opened_it", language, seq=told["emergency"]))
    elif one.what == What.EVENT and told.get("escort"):
        more.append(word("chronicle.escort_signed", language, name=told["escort"]))
    elif one.what == What.EMERGENCY_OPENED and told.get("place") in PLACES:
        more.append(word(PLACES[told["place"]], language))
    more += [str(told.get("text", "")), str(told.get("why", "")), str(told.get("alone_because", ""))]
    return ": ".join([text, " · ".join(each for each in more if each)]) if any(more) else text


def about(question: str, language: str) -> str:
    return str(sessions.question(question)["title"][known(language)])


def answer(question: str, value: str, language: str, *, sensitive: bool) -> str:
    """An answer in words; of one that bears a label, for whoever may not read it, only that there is one."""
    if question in PRIVATE and not sensitive:
        return word("treatment.answered", language)
    return next(
        (one["words"][known(language)] for one in sessions.question(question)["answers"] if one["id"] == value), value
    )


def amount(low: Any, high: Any) -> str:
    return f"{low} mg" if low == high else f"{low} – {high if high is not None else '?'} mg"


def value(row: str, told: Any) -> str:
    """A figure or a level as it is read."""
    unit = sessions.rows()[row]["unit"]
    shown = f"{told['systolic']}/{told['diastolic']}" if isinstance(told, Mapping) else str(told)
    return f"{shown} {unit}".strip()


def deviations(now: Now, rules: Rules, *, language: str) -> list[dict[str, Any]]:
    """What was done without its gates."""
    happened = {one.seq: one for one in now.events}
    return [
        {
            "at": zones.clock(happened[one.seq].happened),
            "what": word(TOLD[What(happened[one.seq].what)], language),
            "why": sentence(one.reason, language),
        }
        for one in commands.deviations(now.events, rules)
    ]
