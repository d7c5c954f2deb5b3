"""How does a page tell of a session, in the reader's language? Ready-made values for the templates, and back from a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment import programmes
from daybreak.clinical.treatment.commands import again
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.session import Answered
from daybreak.clinical.treatment.units import written
from daybreak.knowledge import rems, sessions
from daybreak.knowledge.sentences import language as spoken
from daybreak.knowledge.watch import measured_again
from daybreak.web import zones
from daybreak.web.courses import queries as courses
from daybreak.web.courses import who
from daybreak.web.courses.models import BookingEvent
from daybreak.web.courses.state import standing
from daybreak.web.courses.telling import HOME
from daybreak.web.courses.telling import choices as chosen
from daybreak.web.cupboard.queries import Standing, on_hand
from daybreak.web.cupboard.telling import product
from daybreak.web.dosing import pump
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details
from daybreak.web.rems import setting
from daybreak.web.treatment import opening, steps, stock
from daybreak.web.treatment.context import Found
from daybreak.web.treatment.form import sent
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.ordered import seen
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.treatment.signed import Order
from daybreak.web.treatment.steps import Step
from daybreak.web.treatment.timeline import DECIDED, about, amount, answer
from daybreak.web.words import known, word

MINUTE = timedelta(minutes=1)
NOTHING: Mapping[str, Any] = {}  # nothing was sent
SUICIDE = frozenset({"suicide"})  # beside it stand the screener and the safety plan
STEPS = {
    steps.IDENTITY: "treatment.step_identity",
    steps.CARD: "treatment.step_card",
    steps.VITALS: "treatment.step_vitals",
    steps.PRESSURE: "treatment.step_pressure",
    steps.HOME: "treatment.step_home",
    steps.CLEAR: "treatment.step_clear",
    steps.PUMP: "treatment.step_pump",
    steps.TIME_OUT: "treatment.step_time_out",
    steps.DOSE: "treatment.step_dose",
    steps.WATCH: "treatment.step_watch",
    steps.OVER: "treatment.step_over",
}
NEVER_GREEN = "suicide"  # so the questions about it begin; asked, never good: a no about it is not green
PARTS = {"systolic": "treatment.systolic", "diastolic": "treatment.diastolic"}


def head(now: Now, *, at: datetime, language: str) -> dict[str, Any]:
    """Who sits where and since when. No date of birth: what the patient is asked for does not stand on the screen."""
    session, state = now.session, now.state
    first = state.first_exposure
    return {
        "name": identities.of(details(session)).name,
        "room": session.chair.room.name,
        "chair": session.chair.name,
        "phase": spoken(known(language)).word(f"phase.{state.phase}"),
        "interpreter": standing(session.booking).interpreter,
        "setting": setting.where(session)["words"][known(language)] if rems.asks(session.protocol) else "",
        "since": word("treatment.minutes", language, n=max((at - first) // MINUTE, 0)) if first else "",
    }


def listed(now: Now, every: Sequence[Step], current: Step, *, language: str, sensitive: bool) -> list[dict[str, Any]]:
    """Every step before the dose, with what was said."""
    return [
        {
            "name": one.name,
            "title": title(one, language),
            "done": one.done,
            "asked": one.about.startswith(NEVER_GREEN),
            "now": one == current,
            "said": _said(now, one, language, sensitive=sensitive),
        }
        for one in every
    ]


def title(one: Step, language: str) -> str:
    """What a step is called."""
    if one.id == steps.QUESTION:
        return about(one.about, language)
    if one.id == steps.DECIDE:
        return word("treatment.step_decide", language, about=about(one.about, language))
    return word(STEPS[one.id], language)


def _said(now: Now, one: Step, language: str, *, sensitive: bool) -> str:
    told = now.state.answers.get(one.about)
    if told is None or one.id not in (steps.QUESTION, steps.DECIDE):
        return ""
    if one.id == steps.DECIDE:
        return word(DECIDED[told.decided], language) if told.decided else ""
    return answer(one.about, told.answer, language, sensitive=sensitive)


def _answers(question: str, told: Answered, language: str) -> str:
    """The answer of now, with those before it that no prescriber let pass."""
    every = dict.fromkeys((*told.earlier, told.answer))
    return " → ".join(answer(question, one, language, sensitive=True) for one in every if one)


def choices(lines: Mapping[str, Mapping[str, Any]], language: str) -> list[tuple[str, str]]:
    """Ids with their titles."""
    return [(id, str(one["title"][known(language)])) for id, one in lines.items()]


def step(
    now: Now, found: Found, one: Step, order: Order | None, *, at: datetime, language: str, post: Mapping[str, Any]
) -> dict[str, Any]:
    """What the step's own part of the page needs."""
    shown: dict[str, Any] = {"title": title(one, language), "why": []}
    if one.id in (steps.QUESTION, steps.DECIDE):
        line = sessions.question(one.about)
        told = now.state.answers.get(one.about)
        shown |= {
            "question": one.about,
            "ask": line["ask"][known(language)],
            "private": line["private"],
            "answers": [(each["id"], each["words"][known(language)]) for each in line["answers"]],
            "screened": one.about in SUICIDE or line.get("after", {}).get("question") in SUICIDE,
            "answered": _answers(one.about, told, language) if told else "",
        }
    elif one.id == steps.CARD:
        shown["asks"] = [asked(each, language) for each in steps.aloud(now, found)]
    elif one.id == steps.IDENTITY:
        shown["alike"] = alike(now.session, at=at)
    elif one.id == steps.VITALS:
        shown["rows"] = [row(id, language, post) for id in found.rules.rows_before]
    elif one.id == steps.PRESSURE:
        shown |= _pressure(now, found, language)
        shown["rows"] = [row("pressure", language, post)]
    elif one.id == steps.HOME:
        home = standing(now.session.booking).way_home
        shown |= {"homes": chosen(HOME, language), "home": home.home if home else "", "before": _escorted(now, home)}
    elif one.id == steps.CLEAR:
        shown["why"] = _held(now, found, What.CLEARED, at=at, language=language)
    elif one.id == steps.PUMP:
        shown |= _pump(now, order, language)
    elif one.id in (steps.DOSE, steps.TIME_OUT):
        shown["again"] = [sentence(each, language) for each in again(now.state, found.context)]
        shown["seen"] = seen(order)
        shown |= _dose(now, found, one, order, at=at, language=language)
    elif one.id == steps.WATCH:
        until = watch_until(now.state, found.rules)
        shown["until"] = zones.clock(until) if until else ""
    return shown


def _escorted(now: Now, home: BookingEvent | None) -> dict[str, str]:
    """Who took them home the last time, while nobody has said who does today: a name and a number, never an answer."""
    last = None if home else courses.escorted_last(now.session.booking)
    if last is None:
        return {}
    return {
        "name": last.with_name,
        "phone": last.with_phone,
        "day": zones.day(last.created, now.session.site.zone).isoformat(),
    }


def asked(id: str, language: str) -> dict[str, Any]:
    """A question with its answers. `calm`: the one answer after which nothing has to be seen to; none where there are two, or
    where it is asked in private."""
    line = sessions.question(id)
    calm = [each["id"] for each in line["answers"] if each["does"] == "go" and not each["task"]]
    return {
        "id": id,
        "title": line["title"][known(language)],
        "ask": line["ask"][known(language)],
        "private": line["private"],
        "answers": [(each["id"], each["words"][known(language)]) for each in line["answers"]],
        "calm": calm[0] if len(calm) == 1 and not line["private"] else "",
        "told": "",
        "was": "",
    }


MARK = "mark"  # nothing is kept by it: the page shows the calm answers, to be looked at and kept


def marked(asks: list[dict[str, Any]], post: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was tapped on a page that was not kept stands there still; `do` mark: and the calm answer wherever nothing else was
    tapped or told before."""
    calm = post.get("do") == MARK
    before, found = together(post, [one["id"] for one in asks]), []
    for one in asks:
        tapped = sent(post, one["id"])
        by_mark = one["calm"] if calm and not tapped and one["told"] in ("", one["calm"]) else ""
        at_once = bool(by_mark) or one["id"] in before
        more = {"said": tapped or by_mark, "together": at_once, "since": sent(post, f"since-{one['id']}")}
        found.append({**one, **more})
    return found


def together(post: Mapping[str, Any], asked: Iterable[str]) -> frozenset[str]:
    """Which of the answers stand as that one touch marked them; one that was tapped otherwise since is somebody's own."""
    return frozenset(one for one in asked if sent(post, one) and sent(post, one) == sent(post, f"together-{one}"))


def row(id: str, language: str, post: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """A row of figures; what was typed and not kept stands there still."""
    line = sessions.rows()[id]
    return {
        "id": id,
        "title": line["title"][known(language)],
        "unit": line["unit"],
        "parts": [
            {
                "name": id if one["id"] == "value" else one["id"],
                "title": part(one["id"], language) if one["id"] in PARTS else "",
                "typed": sent(post, id if one["id"] == "value" else one["id"]),
            }
            for one in line["parts"]
        ],
    }


def part(id: str, language: str) -> str:
    """What a part of a figure is called."""
    return word(PARTS[id], language)


def levels(id: str, language: str, post: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """A row that is charted by one of its levels."""
    line = sessions.rows()[id]
    return {
        "id": id,
        "title": line["title"][known(language)],
        "levels": [(str(one["value"]), one["words"][known(language)]) for one in line["levels"]],
        "typed": sent(post, id),
    }


def undecided(now: Now, question: str) -> bool:
    """Was that ever answered otherwise than with a plain no, and has no prescriber decided on it?"""
    told = now.state.answers.get(question)
    return told is not None and {told.answer, *told.earlier} != {"no"} and told.decided != "go"


def _pressure(now: Now, found: Found, language: str) -> dict[str, Any]:
    measured, decided = now.state.baseline("pressure"), now.state.pressure
    shown: dict[str, Any] = {
        "delayed": steps.delayed(now),
        "may_weigh": found.context.may_weigh is True,
        "why": [sentence(one, language) for one in found.context.why.get("pressure", ())],
        "decided": decided.told.get("why", "") if decided else "",
    }
    if measured:
        value = measured.value
        shown["measured"] = f"{value['systolic']}/{value['diastolic']}"
        shown["again"] = zones.clock(measured.at + measured_again(now.session.protocol))
    return shown


def _dose(now: Now, found: Found, one: Step, order: Order | None, *, at: datetime, language: str) -> dict[str, Any]:
    infusion = order is not None and order.way == "infusion"
    what = What.INFUSION_STARTED if infusion else What.DOSE
    state = now.state
    return {
        **(_take(now, order, language) if order else {}),
        "order": order,
        "unsigned": [word(one, language) for one in order.unsigned] if order else [],
        "infusion": infusion,
        "n": len(state.exposures) + 1,
        "given": [
            {"n": each.n, "at": zones.clock(each.first), "amount": amount(each.mg_low, each.mg_high)}
            for each in state.exposures
        ],
        "why": _held(now, found, what, at=at, language=language),
    }


def _held(now: Now, found: Found, what: What, *, at: datetime, language: str) -> list[dict[str, str]]:
    """Why it cannot be done now, each with the page on which that is put right."""
    criteria = found.context.why.get("criteria", ())
    return opening.told(steps.held(now, found, what, at=at), now.session, language, criteria=criteria)


def monitored(found: Found, language: str) -> str:
    """The link to prescription monitoring, with its age where that was read."""
    if found.monitored is None or found.monitored.rule is None:
        return word("pdmp.title", language)
    days = found.monitored.age_days
    return word("pdmp.in_session_never", language) if days is None else word("pdmp.in_session", language, days=days)


def _pump(now: Now, order: Order | None, language: str) -> dict[str, Any]:
    """The fields of the pump, and what was found when it was compared last; of another order that says nothing."""
    last = now.state.pump
    about = last is not None and order is not None and last.told.get("order") == dict(order.told)
    told = last.told if last is not None and about else {}
    found = (*told.get("refused", ()), *told.get("lacking", ()))
    return {
        "order": order,
        "fields": [(name, word(said, language), programmes.UNITS[name]) for name, said in pump.FIELDS.items()],
        "compared": about,
        "refused": bool(told.get("refused")),
        "found": [sentence(Reason(one["id"], one["values"]), language) for one in found],
    }


def _take(now: Now, order: Order, language: str) -> dict[str, Any]:
    """How much can be taken and from which lots, while too little that was taken is at hand. `instead`: of what was taken too
    much is gone, so a prescriber decides."""
    if stock.enough(now.session.pk, order.mg) or (room := stock.room(now.session.pk, order, now.state)).missing_mg == 0:
        return {}
    told = {"ordered": written(room.ordered_mg), "taken": written(room.taken_mg), "missing": written(room.missing_mg)}
    return {
        "lots": _lots(now, language),
        "take_mg": written(room.free_mg or room.missing_mg),
        "instead": "" if room.free_mg else word("treatment.take_instead", language, **told),
    }


def _lots(now: Now, language: str) -> list[tuple[str, str]]:
    """From which lots it can be taken: the clinic's, and this patient's own."""
    theirs = patients.together(now.session.patient)
    return [
        (str(one.lot.id), f"{one.lot.number} · {product(one.lot, language)} · {one.lot.expires}{_open(one, language)}")
        for one in on_hand(now.session.site)
        if stock.fits(now.session, one.lot)
        and not one.recalled
        and (one.lot.owner_id is None or one.lot.owner_id in theirs)
    ]


def _open(one: Standing, language: str) -> str:
    mg = one.balance.open.mg
    return f" · {word('cupboard.is_open', language, mg=written(mg))}" if mg else ""


def alarms(now: Now, *, name: Callable[[str, Mapping[str, Any]], str]) -> list[dict[str, Any]]:
    """What sounds, or sounded and nobody has seen to yet: since when, how loud, and what it is (`name` says that)."""
    raised = {str(one.told.get("alarm", one.seq)): one for one in now.events if one.what == What.ALARM_RAISED}
    return [
        {
            "id": id,
            "at": zones.clock(raised[id].happened),
            "alarm": level != "caution",
            "name": name(id, raised[id].told),
        }
        for id, level in now.state.alarms.items()
        if id in raised
    ]


def alike(session: Session, *, at: datetime) -> list[str]:
    """Who else is expected or here today with a part of the name in common, or born on the same day of a month."""
    visits = [one for one in courses.on(session.site, zones.day(at, session.site.zone)) if not one.over]
    own = details(session)
    theirs = set(patients.together(session.patient))
    found = [identities.of(row) for id, row in who.details(visits).items() if id not in theirs]
    return sorted({one.name for one in found if _near(one, identities.of(own))})


def details(session: Session) -> Details:
    """Read once for a page."""
    found: list[Details] = session.patient.__dict__.setdefault("newest_details", [])
    if not found:
        found.append(patients.details(session.patient))
    return found[0]


def _near(one: Identity, other: Identity) -> bool:
    names = [{word for word in each.name.casefold().replace("-", " ").split() if word} for each in (one, other)]
    born = [each.birth[4:] for each in (one, other) if len(each.birth) == len("2000-01-01")]
    return bool(names[0] & names[1]) or (len(born) == 2 and born[0] == born[1])


def clock(at: datetime | None) -> str:
    """A moment with its day, on the clock of the page."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
