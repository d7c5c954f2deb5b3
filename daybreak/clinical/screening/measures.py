"""What do measurements, scores and tests say, and are they recent enough to clear anything?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term, Unreadable
from daybreak.clinical.records import Condition, Observation, When
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.history import condition, is_active
from daybreak.clinical.screening.view import View, condition_evidence, observation_evidence

NOT_SCORED = Reason("severity.none")
# The answers that nothing may come before, on any board.
URGENT = frozenset(
    {"suicide.urgent", "suicide.recorded", "suicide.item-positive", "suicide.contradiction", "suicide.against-screener"}
)


def _evidence(observations: Sequence[Observation]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(observation_evidence(o) for o in observations))


def number(view: View, *, kind: str, valid_minutes: int | None = None, valid_days: int | None = None) -> FactAnswer:
    """The newest reading of one kind. Readings whose order cannot be known give the range that they span."""
    readings = view.latest(kind)
    what = Term(f"observation.{kind}")
    if not readings:
        missing = Reason("measure.none", {"what": what})
        return FactAnswer(None, missing, missing=(missing,))
    values = [o.value for o in readings if isinstance(o.value, Decimal)]
    evidence = _evidence(readings)
    if len(values) < len(readings):
        reason = Reason("measure.unreadable", {"what": what})
        return FactAnswer(None, reason, evidence, (reason,))
    value = values[0] if len(set(values)) == 1 else Range(min(values), max(values))
    when = max((o.when for o in readings if isinstance(o.when, When)), default=None)
    reason = Reason("measure.value", {"what": what, "value": max(values), "on": when and str(when)})
    fresh = all(_fresh(view, o, valid_minutes, valid_days) for o in readings)
    expired = None if fresh else Reason("measure.expired", {"what": what, "on": when and str(when)})
    return FactAnswer(value, reason, evidence, expired=expired)


def _fresh(view: View, o: Observation, valid_minutes: int | None, valid_days: int | None) -> bool:
    """With a day, a reading of that day is fresh; with a moment, minutes count."""
    if valid_minutes is None:
        return view.age_ok(o.when, valid_days)
    if view.as_of.instant is None:
        return o.when == When(view.day, view.day)
    return o.instant is not None and view.as_of.instant - o.instant <= timedelta(minutes=valid_minutes)


def blood_pressure_controlled(
    view: View,
    *,
    systolic: Decimal,
    diastolic: Decimal,
    days_needed: int,
    days_looked_at: int,
    valid_days: int,
    domains: tuple[str, ...],
    review_days: int,
) -> FactAnswer:
    """Is blood pressure controlled, as a pattern over days: every one of the latest days within the limits, and enough of
    them recent? Enough days above them is a pattern too, until newer readings replace it. Fewer days are enough for
    somebody whose reviewed history holds no hypertension."""
    what = {"systolic": systolic, "diastolic": diastolic, "needed": days_needed}
    days, undated = _days(view, {"systolic": systolic, "diastolic": diastolic})
    latest = sorted(days, reverse=True)[:days_looked_at]
    readings = [o for day in latest for o in days[day][1]] + undated
    evidence = _evidence(readings)
    high = [day for day in latest if days[day][0] is True]
    if len(high) >= days_needed:
        return FactAnswer(False, Reason("pressure.uncontrolled", {**what, "days": len(high)}), evidence)
    recent = [day for day in latest if day >= view.day - timedelta(days=valid_days)]
    clear = not undated and not high and all(days[day][0] is False for day in latest)
    if clear and 0 < len(recent) < days_needed:
        never = condition(view, concept="hypertension", domains=domains, valid_days=review_days)
        if never.value is False:
            return FactAnswer(True, Reason("pressure.no-hypertension", what), (*evidence, *never.evidence))
    if not clear or len(recent) < days_needed:
        id_ = "pressure.mixed" if high else "pressure.too-few"
        reason = Reason(id_, {**what, "days": len(high) if high else len(recent)})
        return FactAnswer(None, reason, evidence, (Reason("ask.pressure", {"needed": days_needed}),))
    return FactAnswer(True, Reason("pressure.controlled", {**what, "days": len(recent)}), evidence)


def _days(
    view: View, limits: dict[str, Decimal]
) -> tuple[dict[date, tuple[bool | None, list[Observation]]], list[Observation]]:
    """Each day with readings: above the limits (True), within (False), or not to be known (None)."""
    found: dict[date, list[Observation]] = {}
    undated = []
    for o in (o for kind in limits for o in view.observations.get(kind, ())):
        if isinstance(o.when, When) and o.when.exact:
            found.setdefault(o.when.earliest, []).append(o)
        else:
            undated.append(o)
    days: dict[date, tuple[bool | None, list[Observation]]] = {}
    for day, readings in found.items():
        above = [o.value > limits[o.kind] if isinstance(o.value, Decimal) else None for o in readings]
        within = None not in above and {o.kind for o in readings} == limits.keys()  # half a reading is none
        days[day] = (True if True in above else False if within else None, readings)
    return days, undated


def said(view: View, *, kind: str, word: str) -> FactAnswer:
    """Does the newest answer of this kind say this word? Without any answer nothing on record says so."""
    readings = view.latest(kind)
    values = {"what": Term(f"observation.{kind}"), "word": word}
    if any(o.value == word for o in readings):
        return FactAnswer(True, Reason("said.yes", values), _evidence(readings))
    if any(not isinstance(o.value, str) for o in readings):
        reason = Reason("measure.unreadable", {"what": values["what"]})
        return FactAnswer(None, reason, _evidence(readings), (reason,))
    return FactAnswer(False, Reason("said.no", values), _evidence(readings))


def severity_measured(view: View, *, scales: tuple[str, ...], valid_days: int) -> FactAnswer:
    """Has the depression been measured on a scale lately enough? One score that surely was is enough, whenever others were."""
    readings = view.latest(*scales)
    if not readings:
        return FactAnswer(None, NOT_SCORED, missing=(NOT_SCORED,))
    unread = next((o for o in readings if not isinstance(o.value, Decimal)), None)
    if unread is not None:
        reason = Reason("measure.unreadable", {"what": Term(f"observation.{unread.kind}")})
        return FactAnswer(None, reason, _evidence(readings), (reason,))
    fresh = [o for o in readings if view.age_ok(o.when, valid_days)]
    newest = max(fresh or readings, key=lambda o: o.when.latest if isinstance(o.when, When) else date.min)
    values = {"scale": Term(f"observation.{newest.kind}"), "value": newest.value, "on": _on(newest)}
    expired = None if fresh else Reason("severity.expired", {**values, "days": valid_days})
    return FactAnswer(True, Reason("severity.measured", values), _evidence(readings), expired=expired)


def _on(o: Observation) -> str | None:
    return str(o.when) if isinstance(o.when, When) else None


def severity_at_least(view: View, *, cuts: tuple[tuple[str, Decimal], ...], valid_days: int) -> FactAnswer:
    """Is the depression at least this severe on one of these scales? `cuts`: scale and its lowest sufficient score."""
    tried = [_against(number(view, kind=kind, valid_days=valid_days), kind, cut) for kind, cut in cuts]
    tried = [a for a in tried if a.evidence]
    fresh = [a for a in tried if a.value is True and a.expired is None]
    undecided = [a for a in tried if a.value is not False]
    return next(iter((*fresh, *undecided, *tried)), FactAnswer(None, NOT_SCORED, missing=(NOT_SCORED,)))


def _against(answer: FactAnswer, kind: str, cut: Decimal) -> FactAnswer:
    """A score against its cut; scores whose order cannot be known decide only when they agree."""
    score = answer.value
    if not isinstance(score, Decimal | Range):
        return answer
    low, high = (score.low, score.high) if isinstance(score, Range) else (score, score)
    shown = score if low == high else f"{low}–{high}"
    values = {"scale": Term(f"observation.{kind}"), "value": shown, "bound": cut}
    reason = Reason("severity.score", {**values, "on": answer.reason.values["on"]})
    enough = True if low >= cut else False if high < cut else None
    missing = () if enough is not None else (reason,)
    return FactAnswer(enough, reason, answer.evidence, missing, expired=answer.expired)


def screen_result(view: View, kind: str, cut: object, valid_days: int) -> FactAnswer:
    """A screening score against its cut: True positive, False negative and recent, None otherwise."""
    readings = view.latest(kind)
    evidence = _evidence(readings)
    reason = Reason("measure.screen", {"what": Term(f"observation.{kind}")})
    if not readings:
        return FactAnswer(None, reason)
    values = [o.value for o in readings]
    if any(isinstance(v, Decimal) and isinstance(cut, Decimal) and v >= cut for v in values):
        return FactAnswer(True, reason, evidence)
    if not all(isinstance(v, Decimal) for v in values):
        return FactAnswer(None, reason, evidence)
    if not all(view.age_ok(o.when, valid_days) for o in readings):
        return FactAnswer(None, reason)  # an old negative screen says nothing about today
    return FactAnswer(False, reason, evidence)


def toxicology(view: View, valid_days: int) -> list[FactAnswer]:
    """Drug tests of the last `valid_days`, and unreadable or undated ones: True positive, False negative, None unreadable."""
    found = []
    for kind in sorted(k for k in view.observations if k.startswith("drug_screen")):
        for o in view.latest(kind):
            if isinstance(o.when, When) and not view.age_ok(o.when, valid_days):
                continue
            value = {"positive": True, "negative": False}.get(str(o.value)) if isinstance(o.when, When) else None
            reason = Reason("measure.screen", {"what": Term(f"observation.{kind}")})
            found.append(FactAnswer(value, reason, _evidence([o])))
    return found


def improvement(
    view: View, first: int, last: int, *, scales: Sequence[str], window: int
) -> Decimal | Unreadable | None:
    """Change on one depression scale from the first to the last day of a run, in percent of the first score.

    The reading nearest to each end within `window` days counts, and the first scale that has both ends decides: scales that
    point to different thirds are not averaged, and none stands in for one that cannot be read. None: not measured.
    """
    for kind in scales:
        readings = view.observations.get(kind)
        if not readings:
            continue
        start, end = _nearest(readings, first, window), _nearest(readings, last, window)
        if not start or not end or (start == end and (len(start) == 1 or _dated(start))):
            continue  # one reading, or one day, is no change
        before, after = _value(start), _value(end)
        if before is UNREADABLE or after is UNREADABLE or before <= 0:
            return UNREADABLE
        return (before - after) / before * 100
    return None


def _nearest(readings: Sequence[Observation], day: int, window: int) -> list[Observation]:
    """The readings closest to that day. One whose own day is open could be closer still: no other may stand in for it."""
    near = [o for o in readings if not isinstance(o.when, When) or _overlaps(o.when, day - window, day + window)]
    exact = [o.when.earliest for o in near if isinstance(o.when, When) and o.when.exact]
    closest = min(exact, key=lambda d: (abs(d.toordinal() - day), d), default=None)
    return [o for o in near if not isinstance(o.when, When) or not o.when.exact or o.when.earliest == closest]


def _overlaps(when: When, first: int, last: int) -> bool:
    return when.earliest.toordinal() <= last and when.latest.toordinal() >= first


def _dated(readings: Sequence[Observation]) -> bool:
    return all(isinstance(o.when, When) and o.when.exact for o in readings)


def _value(readings: Sequence[Observation]) -> Decimal | Unreadable:
    """The one value of these readings, if they agree and their days are known."""
    values = [o.value for o in readings if isinstance(o.value, Decimal)]
    agreed = len(values) == len(readings) and len(set(values)) == 1 and _dated(readings)
    return values[0] if agreed else UNREADABLE


def suicide_risk(
    view: View,
    *,
    valid_days: int,
    item: str,
    risk: str,
    assessment: str,
    item_from: int,
    others: Sequence[str],
    mild: Sequence[str],
    clear: Sequence[str],
) -> FactAnswer:
    """Has suicide risk been asked about lately, and does nothing call for an urgent assessment first?

    Never "no": intent or plan opens an assessment, and the decision about treatment waits for it. A clinician's
    `assessment` after the answers is what it waits for. An answer of `item_from` or more to the single question is urgent
    beside any screener of that day; so is each of the `others` that is neither 0 nor one of the words in `clear`, and each
    of the `mild` ones beside a screener that says "none".
    """
    screens, items = view.latest(risk), view.latest(item)
    assessed = view.latest(assessment)
    asked, answered = _newest(screens), _newest(items)
    evidence = _evidence([*screens, *items])
    on = {"on": str(asked or answered or "")}
    listed = (*view.by_concept.get("suicidality", ()), *view.nameless_conditions)
    conditions = [c for c in listed if is_active(c, view.day) is not False]
    later = answered is not None and (asked is None or answered.latest > asked.earliest)
    same_day = asked is not None and answered is not None and answered.latest >= asked.earliest
    positive = [o for o in items if not isinstance(o.value, Decimal) or o.value > 0]
    strong = [o for o in items if isinstance(o.value, Decimal) and o.value >= item_from]
    since = asked or answered
    loud = [o for kind in (*others, *mild) for o in view.latest(kind) if _is_not_no(o, clear)]
    loud = [o for o in loud if since is None or not isinstance(o.when, When) or o.when.latest >= since.earliest]
    after = [o for o in loud if asked is None or not isinstance(o.when, When) or o.when.latest > asked.earliest]
    against = [o for o in loud if o.kind in others or any(s.value == "none" for s in screens)]
    why: Reason | None = None
    ask = Reason("ask.suicide-assessment")
    if any(o.value in ("high", "moderate") for o in screens):
        why = Reason("suicide.urgent", on)
    elif any(o.value not in ("none", "low") for o in screens):
        why, ask = Reason("suicide.unreadable", on), Reason("ask.suicide-screen")
    elif positive and (later or asked is None):
        why, ask = Reason("suicide.item-positive", on), Reason("ask.suicide-screen")
    elif strong and same_day:
        why = Reason("suicide.contradiction", on)
    elif after:
        why = Reason("suicide.item-positive", {"on": str(_newest(after) or "")})
        evidence, ask = (*evidence, *_evidence(after)), Reason("ask.suicide-screen")
    elif against:
        why = Reason("suicide.against-screener", on)
        evidence = (*evidence, *_evidence(against))
    elif conditions and not _asked_after(conditions, asked):
        evidence = (*evidence, *(condition_evidence(c) for c in conditions))
        why = Reason("suicide.recorded", {"found": tuple(condition_evidence(c).text for c in conditions)})
    if why is not None:
        begun = (c.onset or c.recorded or UNREADABLE for c in conditions)
        done = _assessed_after(assessed, [*(o.when or UNREADABLE for o in (*screens, *items, *loud)), *begun])
        if done is None or why.id == "suicide.unreadable":
            return FactAnswer(None, why, evidence, (ask,))
        fresh = view.age_ok(done, valid_days)
        expired = None if fresh else Reason("suicide.expired", {"on": str(done), "days": valid_days})
        found = (*evidence, *_evidence(assessed))
        return FactAnswer(True, Reason("suicide.assessed", {"on": str(done)}), found, expired=expired)
    newest = max((w for w in (asked, answered) if w), key=lambda w: w.earliest, default=None)
    if newest is None:
        return FactAnswer(None, Reason("suicide.not-asked"), evidence, (Reason("ask.suicide-screen"),))
    undated = any(not isinstance(o.when, When) for o in (*screens, *items))
    expired = None
    if undated or not view.age_ok(newest, valid_days):
        id_ = "suicide.expired" if valid_days else "suicide.not-today"
        expired = Reason(id_, {"on": str(newest), "days": valid_days})
    return FactAnswer(True, Reason("suicide.asked", {"on": str(newest)}), evidence, expired=expired)


def _is_not_no(answer: Observation, clear: Sequence[str]) -> bool:
    """Anything but a nought or such a word; what nobody can read is not "no"."""
    return answer.value != 0 if isinstance(answer.value, Decimal) else answer.value not in clear


def _asked_after(conditions: Sequence[Condition], asked: When | None) -> bool:
    """Was the screener certainly not before any of these began?"""
    return asked is not None and all(isinstance(c.onset, When) and c.onset.latest <= asked.earliest for c in conditions)


def _assessed_after(assessed: Sequence[Observation], marks: Sequence[When | Unreadable | None]) -> When | None:
    """The day of a clinician's assessment, if it certainly came on or after everything that called for it."""
    done = _newest([o for o in assessed if o.value == "done"])
    if done is None or any(mark is UNREADABLE for mark in marks):
        return None
    dated = [mark for mark in marks if isinstance(mark, When)]
    return done if dated and all(mark.latest <= done.earliest for mark in dated) else None


def _newest(observations: Sequence[Observation]) -> When | None:
    return max((o.when for o in observations if isinstance(o.when, When)), key=lambda w: w.earliest, default=None)


def suicidal_now(view: View, *, valid_days: int, item: str, risk: str) -> FactAnswer:
    """Are acute suicidal thoughts or behaviour recorded now? For the indication that is about them.

    A low screener or a positive single question leaves it open; nothing on record is never their absence.
    """
    screens, items = view.latest(risk), view.latest(item)
    evidence = _evidence([*screens, *items])
    there = [c for c in view.by_concept.get("suicidality", ()) if is_active(c, view.day) is True]
    sure = [
        c
        for c in there
        if c.verification == "confirmed" and c.concepts is not UNREADABLE and "suicidality" in c.concepts
    ]
    acute = [o for o in screens if o.value in ("moderate", "high") and view.age_ok(o.when, valid_days)]
    if len(acute) < len(screens):
        acute = []  # nobody can tell which of them is the newest
    found = (*(condition_evidence(c).text for c in sure), *(observation_evidence(o).text for o in acute))
    if found:
        evidence = tuple(dict.fromkeys((*evidence, *(condition_evidence(c) for c in sure))))
        return FactAnswer(True, Reason("suicidal.recorded", {"found": found}), evidence)
    return FactAnswer(None, Reason("suicidal.not-recorded"), evidence, (Reason("ask.suicide-screen"),))
