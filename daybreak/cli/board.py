"""How does a decision read to a psychiatrist: the story, the decision, the reasons, the sources, as plain text?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from daybreak.cli.cards import cards, due, gather
from daybreak.cli.text import Text
from daybreak.cli.wrap import WIDTH, cells
from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Reason, Term, Verdict
from daybreak.clinical.records import AsOf, Chart, When
from daybreak.clinical.screening.claims import charted
from daybreak.clinical.screening.judge import NOT_ELIGIBLE, REVIEW, SCREENING, Decision, Protocol, decide
from daybreak.clinical.screening.measures import URGENT
from daybreak.clinical.screening.person import whole_years
from daybreak.clinical.screening.resistance import staged
from daybreak.clinical.screening.risk import Noted, notes
from daybreak.clinical.screening.staged import Staged
from daybreak.clinical.screening.trd import Trd
from daybreak.clinical.screening.view import View
from daybreak.exchange.beside import PAYER_STATUS
from daybreak.knowledge.prompts import prompts
from daybreak.knowledge.protocols import UNDATED, off_label
from daybreak.knowledge.rules import claims_rules, models, words
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.store import load

FEW = 2  # so many protocols are introduced with a sentence each
STATUS_SHAPES = {"eligible": "●", "eligible_with_review": "▲", "not_eligible": "■", "needs_information": "◌"}


def board(
    chart: Chart, protocols: Sequence[Protocol], *, payers: Sequence[Protocol], as_of: AsOf, language: Language
) -> str:
    """The board of one patient."""
    view = View(chart, as_of, words())
    decisions = [decide(view, p) for p in protocols]
    text = Text(language)
    _head(text, chart, as_of)
    _urgent(text, decisions)
    _story(text, view, decisions[0].trd)
    _staging(text, staged(view, models(), decisions[0].trd.rules.id))
    _claims(text, {id_: charted(view, rule=rule) for id_, rule in claims_rules().items()})
    text.heading("board.decision")
    for number, d in enumerate(decisions, 1):
        _decision(text, number, d, alone=len(decisions) <= FEW)
    if any(d.status == REVIEW for d in decisions):
        for assumed in decisions[0].trd.assumed:
            text.wrapped(f"{language.word('board.review_because')}: {language.say(assumed)}", first="  ", rest="    ")
    text.wrapped(language.word("board.not_adopted"), first="  ")
    cards(text, gather(decisions, SCREENING))
    due(text, gather(decisions, "before_each_dose"))
    _prompts(text, notes(view, prompts()))
    if any(d.status != NOT_ELIGIBLE for d in decisions):
        _payers(text, [decide(view, p) for p in payers])
    _left_over(text, chart)
    text.line()
    text.wrapped(language.word("board.disclaimer"))
    return text.whole()


def _head(text: Text, chart: Chart, as_of: AsOf) -> None:
    patient = chart.patient
    facts = []
    if isinstance(patient.sex, str):
        facts.append(text.word(f"sex.{patient.sex}"))
    if isinstance(patient.birth, When):
        age = whole_years(patient.birth.latest, as_of.day)
        facts.append(f"{text.word('board.born')} {patient.birth} ({age} {text.word('board.age')})")
    facts.append(f"{text.word('board.as_of')} {as_of.instant.isoformat() if as_of.instant else as_of.day}")
    text.line("═" * WIDTH)
    text.line(f"{text.word('board.patient')} {patient.id} · {' · '.join(facts)}")
    text.line("═" * WIDTH)


def _story(text: Text, view: View, trd: Trd) -> None:
    text.heading("board.story")
    for scale in view.words.depression_scales:
        scores = sorted(view.observations.get(scale, ()), key=lambda o: str(o.when))
        if scores:
            shown = " · ".join(f"{o.value} ({o.when})" for o in scores[-8:])
            text.wrapped(f"{text.word(f'observation.{scale}')}: {shown}", first="  ", rest="    ")
    text.wrapped(f"{text.word('board.trials')} [{text.word(f'rules.{trd.rules.id}')}]", first="  ", rest="    ")
    for trial in trd.trials:
        text.wrapped(text.language.say(trial.reason), first="    · ", rest="      ")
        if trial.note:
            text.wrapped(text.language.say(trial.note), first="      ", rest="      ")
    if not trd.trials:
        text.line(f"    {text.word('board.no_trials')}")
    counted = f"{text.word('board.failed')} {trd.steps.failed}, {text.word('board.possible')} {trd.steps.possible}"
    text.line(f"  {text.word('board.resistance')}: {text.word(f'trd.{trd.word}')} ({counted})")
    for assumed in trd.assumed:
        text.wrapped(text.language.say(assumed), first=f"    {text.word('board.assumed')}: ", rest="      ")


def _staging(text: Text, staged: Staged) -> None:
    msm = staged.msm
    if msm.total is not None and msm.parts is not None and msm.stage is not None:
        parts = " + ".join(str(p) for p in msm.parts)
        said = text.language.say(
            Reason("staging.msm", {"total": msm.total, "stage": Term(f"stage.{msm.stage}"), "parts": parts})
        )
    elif msm.low is not None:
        said = text.language.say(Reason("staging.msm-range", {"low": msm.low, "high": msm.high}))
    else:
        said = text.language.say(Reason("staging.msm-none"))
    for talk in staged.psychotherapy:
        text.wrapped(text.language.say(talk.reason), first="    · ", rest="      ")
    more = text.language.say(Reason("staging.others", {"mgh": str(float(staged.mgh_s)), "kim": staged.kim.failures}))
    text.wrapped(f"{said} {more}", first=f"  {text.word('board.staging')}: ", rest="    ")


def _claims(text: Text, verdicts: Mapping[str, Verdict]) -> None:
    def those(wanted: Verdict) -> tuple[Term, ...]:
        return tuple(Term(f"claims.{id_}") for id_, verdict in verdicts.items() if verdict is wanted)

    values = {"counted": those(MET), "not_counted": those(NOT_MET), "open": those(UNKNOWN)}
    text.wrapped(text.language.say(Reason("claims.proxies", values)), first="  ", rest="    ")


def _urgent(text: Text, decisions: Iterable[Decision]) -> None:
    """What comes before any decision about treatment stands first."""
    urgent = (f.answer.reason for d in decisions for f in d.findings if f.answer.reason.id in URGENT)
    for said in dict.fromkeys(map(text.language.say, urgent)):
        text.wrapped(f"{text.word('board.urgent')}: {said}", first="◆ ", rest="  ")


def _decision(text: Text, number: int, d: Decision, *, alone: bool) -> None:
    protocol = d.protocol
    status = f"{STATUS_SHAPES[d.status]} {text.word(f'status.{d.status}')}"
    gap = " " * max(1, 26 - cells(status))
    version = text.word("board.undated") if protocol.version == UNDATED else protocol.version
    label = f" · {text.word('board.off_label')}" if protocol.id in off_label() else ""
    text.line(f"  {number} {status}{gap}{protocol.id} ({version}){label}")
    if alone:
        text.wrapped(text.word(f"about.{protocol.id}"), first=" " * 30, rest=" " * 30)
    if d.not_yet:
        text.line(" " * 30 + f"{text.word('board.not_yet')} {d.not_yet}")


def _prompts(text: Text, noted: Iterable[Noted]) -> None:
    entries = {p["id"]: p for p in load("prompts")["prompts"]["prompts"]}
    shown = [n for n in noted if n.on_record]
    rest = [n for n in noted if not n.on_record and n.prompt.kind == "look_alike"]
    if not shown and not rest:
        return
    text.heading("board.prompts")
    lang = text.language.language
    for n in shown:
        entry = entries[n.prompt.id]
        figures = "; ".join(f"{e['figure'][lang]} [{e['source']['id']}]" for e in entry["estimates"])
        found = ", ".join(dict.fromkeys(e.text for e in n.evidence))
        words_ = [f"{entry['title'][lang]}{f' ({found})' if found else ''}: {entry['ask'][lang]}", figures]
        text.wrapped(" ".join(w for w in words_ if w), first="  · ", rest="    ")
    if rest:
        names = ", ".join(entries[n.prompt.id]["title"][lang] for n in rest)
        text.wrapped(names, first=f"  {text.word('board.not_on_record')}: ", rest="    ")


def _payers(text: Text, decisions: Iterable[Decision]) -> None:
    files = {p["id"]: p for p in load("payers").values()}
    lang = text.language.language
    text.heading("board.payers")
    for d in decisions:
        file = files[d.protocol.id]
        status = text.word(f"payer.{PAYER_STATUS[d.status]}")
        open_ = [text.word(f"criterion.{f.criterion.name}") for f in d.findings if f.answer.verdict is not MET]
        line = f"{file['title'][lang]}: {status}" + (f" ({', '.join(open_)})" if open_ else "")
        others = "; ".join(n[lang] for n in file["not_computed"])
        line += f"; {text.word('board.not_computed')}: {others}" if others else ""
        text.wrapped(line, first="  · ", rest="    ")


def _left_over(text: Text, chart: Chart) -> None:
    if chart.unmapped:
        text.heading("board.unmapped")
        for u in chart.unmapped[:12]:
            times = f" ×{u.count}" if u.count > 1 else ""
            text.wrapped(f"{u.text or '?'} [{u.code or '–'}] {u.ref}{times}", first="  · ", rest="    ")
        if len(chart.unmapped) > 12:
            text.line(f"  {text.word('board.more').format(n=len(chart.unmapped) - 12)}")
    if chart.problems:
        text.heading("board.problems")
        for p in chart.problems:
            text.wrapped(f"{p.place}: {text.language.say(p.reason)}", first="  · ", rest="    ")
