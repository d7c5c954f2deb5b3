"""What stands in the record of a session on paper, part by part?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from daybreak import __version__
from daybreak.clinical.treatment.discharge import leaving, watch_until
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.ledger import Kind
from daybreak.clinical.treatment.rules import Rules
from daybreak.clinical.treatment.session import State, fold
from daybreak.knowledge import sessions
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.bedside import minutes
from daybreak.web.chronicle import devices, found
from daybreak.web.chronicle.lines import Line, lines
from daybreak.web.cockpit import made, of_session
from daybreak.web.cockpit.alarms import OF_ALARMS
from daybreak.web.cockpit.trace import drawn
from daybreak.web.cockpit.trace_said import said as trace_said
from daybreak.web.cockpit.trace_table import table
from daybreak.web.consent.items import title as document
from daybreak.web.cupboard import telling as cupboard
from daybreak.web.levels import paper as levels
from daybreak.web.papers import pdf
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.rems import setting
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.telling import said as task
from daybreak.web.treatment import context, timeline
from daybreak.web.treatment.leaving_views import TITLES
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import word

STYLE = Path(__file__).parent / "trace_on_paper.css"
BEFORE = (
    What.ARRIVED,
    What.IDENTIFIED,
    What.ANSWERED,
    What.PRESSURE_DECIDED,
    What.CLEARED,
    What.PUMP_COMPARED,
    What.TIMED_OUT,
)
DOSES = (What.DOSE, What.INFUSION_STARTED, What.INFUSION_ENDED, What.PAUSED, What.RESUMED, What.STOPPED)
EMERGENCY = (What.EMERGENCY_OPENED, What.EMERGENCY_CLOSED)


def blocks(now: Now, *, at: datetime, language: str, sensitive: bool, by: str) -> Iterator[pdf.Block]:
    """Everything, in the order of the day. The page's time is that of the site."""
    rules = context.rules(now.session, at=at)
    every = lines(now, language=language, sensitive=sensitive)
    yield from _head(now, at=at, language=language, by=by)
    yield from _lines("chronicle.before", now, _until(now, every), BEFORE, language)
    yield from _doses(now, every, language)
    yield from _deviations(now, rules, language)
    yield from _chart(now, rules, at=at, language=language)
    yield from devices.blocks(now.session, language)
    yield from _lines("chronicle.alarms", now, every, OF_ALARMS, language)
    yield from _lines("chronicle.rescue", now, every, (What.RESCUE,), language)
    yield from _emergency(now, every, language)
    yield from _leaving(now, every, rules, language)
    yield from _duties(now, language)
    yield from _ground(now, language)
    yield from _lines("chronicle.everything", now, every, tuple(What), language)
    yield from levels.blocks(now, at=at, language=language)


def _head(now: Now, *, at: datetime, language: str, by: str) -> Iterator[pdf.Block]:
    session, state = now.session, now.state
    who = identities.of(patients.details(session.patient))
    outcome = sessions.ends()[state.outcome]["title"][language] if state.outcome else word("chronicle.open", language)
    ended = zones.minute(state.ended.at) if state.ended else "–"
    yield pdf.facts(
        (word("copies.name", language), who.name),
        (word("patients.birth", language), who.birth or "–"),
        (word("patients.site", language), session.site.name),
        (word("chronicle.place", language), f"{session.chair.room.name} · {session.chair.name}"),
        (word("authorisation.treatment", language), spoken(language).word(f"protocol.{session.protocol}")),
        (word("rems.setting", language), setting.where(session)["words"][language]),
        (word("chronicle.begun", language), zones.minute(session.created)),
        (word("chronicle.ended", language), ended),
        (word("chronicle.how", language), outcome),
        (word("chronicle.zone", language), session.site.zone),
        (word("chronicle.made", language), f"{zones.minute(at)} · {by}"),
        (word("chronicle.stands", language), word("chronicle.of_events", language, n=len(now.events))),
    )
    if now.open:
        yield pdf.notice(word("chronicle.still_open", language))
    yield pdf.paragraph(word("treatment.second_eyes", language))


def _lines(
    id: str, now: Now, every: Sequence[Line], kinds: Sequence[str] | frozenset[What], language: str
) -> list[pdf.Block]:
    of = {one.seq for one in now.events if one.what in kinds}
    found_ = [one for one in every if one.seq in of]
    return [pdf.heading(word(id, language)), _table(found_, language)]


def _until(now: Now, every: Sequence[Line]) -> list[Line]:
    """What was told up to the first dose; all of it where there was none."""
    first = min((one.seq for one in now.state.exposures), default=len(every) + 1)
    return [one for one in every if one.seq < first]


def _table(rows: Sequence[Line], language: str) -> pdf.Block:
    if not rows:
        return pdf.paragraph(word("chronicle.none", language))
    head = [word(one, language) for one in ("chronicle.number", "chronicle.when", "chronicle.what", "chronicle.who")]
    return pdf.table(head, [[str(one.seq), one.at, one.whole, one.who] for one in rows], widths=(2, 9, 20, 7))


def _doses(now: Now, every: Sequence[Line], language: str) -> Iterator[pdf.Block]:
    heading, told = _lines("chronicle.doses", now, every, DOSES, language)
    yield heading
    people = timeline.names(one.by for one in now.state.exposures)
    head = (
        "chronicle.number",
        "chronicle.first_at",
        "treatment.drug",
        "chronicle.given",
        "treatment.lot",
        "chronicle.who",
    )
    rows = [
        [
            str(one.n),
            zones.minute(one.first),
            f"{one.drug} · {one.route}",
            of_session.said_dose(one),
            f"{', '.join(one.lots)}{f' · SN {one.serial}' if one.serial else ''}" or "–",
            people.get(one.by or "", "–"),
        ]
        for one in now.state.exposures
    ]
    if rows:
        yield pdf.table([word(one, language) for one in head], rows, widths=(2, 8, 8, 5, 6, 7))
    yield told
    book = [
        [
            zones.minute(one.happened),
            f"{cupboard.product(one.lot, language)} · {one.lot.number} · {one.lot.expires}",
            f"{word(cupboard.KINDS[Kind(one.kind)], language)}: {cupboard.number(one.mg)} mg",
            " · ".join(each.display_name for each in (one.by, one.witness) if each),
        ]
        for one in found.from_cupboard(now.session)
    ]
    yield pdf.heading(word("chronicle.cupboard", language))
    head = ("chronicle.when", "chronicle.lot", "chronicle.what", "chronicle.who")
    yield pdf.table([word(one, language) for one in head], book, widths=(9, 12, 8, 7)) if book else _table((), language)


def _deviations(now: Now, rules: Rules, language: str) -> Iterator[pdf.Block]:
    yield pdf.heading(word("treatment.deviations", language))
    rows = timeline.deviations(now, rules, language=language)
    yield pdf.points(*(f"{one['at']} · {one['what']}: {one['why']}" for one in rows)) if rows else _table((), language)


def _chart(now: Now, rules: Rules, *, at: datetime, language: str) -> Iterator[pdf.Block]:
    measured = minutes.of(now.session)
    until, around = at if now.open else None, made.around(now, rules, at=at)
    trace = of_session.trace(now, around, at=until, language=language, minutes=measured)
    said = trace_said(trace, language=language)
    svg = drawn(trace, title=word("cockpit.chart", language), desc=said, language=language)
    yield pdf.heading(word("cockpit.chart", language))
    yield pdf.chart(svg.replace("<title ", f"<style>{_style()}</style><title ", 1), said)
    shown = table(trace, language=language)
    if shown.rows:
        widths = (3, 3, 5, 3, 3, 4, *([6] * (len(shown.head) - 7)), 8)
        yield pdf.table(shown.head, shown.rows, widths=widths)


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")


def _emergency(now: Now, every: Sequence[Line], language: str) -> Iterator[pdf.Block]:
    """From each opening to its close everything that happened."""
    yield pdf.heading(word("treatment.emergency", language))
    within: set[int] = set()
    open_ = False
    for one in sorted(now.events, key=lambda each: each.seq):
        open_ = open_ or one.what == What.EMERGENCY_OPENED
        if open_:
            within.add(one.seq)
        open_ = open_ and one.what != What.EMERGENCY_CLOSED
    yield _table([one for one in every if one.seq in within], language)


def _leaving(now: Now, every: Sequence[Line], rules: Rules, language: str) -> Iterator[pdf.Block]:
    """As it was when somebody signed the end; of a session that is open, or was before any dose, nothing."""
    ended = now.state.ended
    if ended is None or not now.state.exposed:
        return
    before = fold(one for one in now.events if one.seq < ended.seq)
    titles = {one["id"]: one["title"][language] for one in sessions.leaving()}
    yield pdf.heading(word("treatment.seen_title", language))
    if until := watch_until(before, rules):
        yield pdf.paragraph(word("treatment.watched_until", language, until=zones.minute(until)))
    head = [word(one, language) for one in ("chronicle.what", "chronicle.then", "chronicle.evidence")]
    rows = [
        [
            titles.get(one.id) or word(TITLES[one.id], language),
            sentence(one.answer.reason, language),
            _evidence(one.id, before, language),
        ]
        for one in leaving(before, rules, ended.at)
    ]
    yield pdf.table(head, rows, widths=(10, 11, 11))
    last = max(one.seq for one in now.state.exposures)
    asked = {one.seq for one in now.events if one.what in (What.ANSWERED, What.IDENTIFIED, What.READY, What.ENDED)}
    yield _table([one for one in every if one.seq > last and one.seq in asked], language)
    given = [
        (f"{zones.minute(one.created)} · {one.by.display_name if one.by else '–'} · {one.language}", one.sha256)
        for one in found.papers(now.session, "hand_out")
    ]
    yield pdf.heading(word("chronicle.hand_outs", language))
    yield pdf.facts(*given) if given else _table((), language)


def _evidence(id: str, state: State, language: str) -> str:
    """What was measured, with what it was before the dose; or what was answered."""
    line = next((one for one in sessions.leaving() if one["id"] == id), None)
    if line is None:
        return "–"
    told = state.answers.get(line["question"]) if line["question"] else None
    if told is not None:
        return f"{timeline.answer(line['question'], told.answer, language, sensitive=True)} · {zones.clock(told.at)}"
    parts = []
    for row in dict.fromkeys(one["row"] for one in line["bounds"]):
        newest, first = state.latest(row), state.baseline(row)
        shown = [timeline.value(row, one.value) for one in (newest, first) if one]
        parts += [f"{shown[0]} · {zones.clock(newest.at)}"] if newest else []
        parts += [word("chronicle.was", language, value=shown[-1])] if newest and first else []
    return ", ".join(parts) or "–"


def _duties(now: Now, language: str) -> Iterator[pdf.Block]:
    yield pdf.heading(word("chronicle.duties", language))
    rows = [
        [task(one.what, one.values, language), _whose(one, language), zones.minute(one.due)]
        for one in found.duties(now.session)
    ]
    head = [word(one, language) for one in ("chronicle.what", "chronicle.who", "chronicle.due")]
    yield pdf.table(head, rows, widths=(18, 7, 9)) if rows else _table((), language)


def _whose(one: Task, language: str) -> str:
    return one.owner.display_name if one.owner else word(f"role.{one.role}", language)


def _ground(now: Now, language: str) -> Iterator[pdf.Block]:
    """On which papers and which knowledge it rested."""
    session = now.session
    held = found.in_force(session)
    yield pdf.heading(word("chronicle.ground", language))
    signed = held.signed
    rows = [
        (word("chronicle.protocol_version", language), held.version),
        (word("chronicle.protocol_digest", language), held.digest or "–"),
        (word("chronicle.policy_digest", language), held.policy or "–"),
        (word("chronicle.watch_digest", language), held.watch),
        (
            word("chronicle.watch_signed", language),
            f"{signed.by.display_name} · {zones.minute(signed.created)}"
            if signed
            else word("chronicle.nobody", language),
        ),
        ("Daybreak", __version__),
    ]
    yield pdf.facts(*rows)
    consents = [
        (f"{document(one, language)}, {one.version}, {zones.minute(one.signature.created)}", one.signature.paper.sha256)
        for one in found.signed_consents(session)
    ]
    yield pdf.heading(word("chronicle.hash", language))
    yield pdf.facts(*consents) if consents else _table((), language)
