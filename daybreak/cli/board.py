"""How does a decision read to a psychiatrist: the story, the decision, the reasons, the sources, as plain text?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybreak.cli.wrap import WIDTH, cells, wrapped
from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Evidence, Reason, Term
from daybreak.clinical.records import AsOf, Chart, When
from daybreak.clinical.screening.judge import HARD, SCREENING, Decision, Finding, Protocol, decide
from daybreak.clinical.screening.person import whole_years
from daybreak.clinical.screening.resistance import staged
from daybreak.clinical.screening.risk import Noted, notes
from daybreak.clinical.screening.staged import Staged
from daybreak.clinical.screening.trd import Trd
from daybreak.clinical.screening.view import View
from daybreak.exchange.beside import PAYER_STATUS
from daybreak.knowledge.prompts import prompts
from daybreak.knowledge.rules import models, words
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.store import load

SHAPES = {MET: "●", NOT_MET: "■", UNKNOWN: "◌"}
NOT_REVIEWED, REVIEWED = (
    "absent.not-reviewed",
    "absent.reviewed",
)  # said once for each review, not once for each question
STATUS_SHAPES = {"eligible": "●", "eligible_with_review": "▲", "not_eligible": "■", "needs_information": "◌"}


@dataclass(frozen=True, slots=True)
class Card:
    """One question with its answer, and who asks it: (number of the protocol, finding)."""

    asked: tuple[tuple[int, Finding], ...]

    @property
    def first(self) -> Finding:
        return self.asked[0][1]

    @property
    def hard(self) -> bool:
        return any(f.criterion.strength in HARD for _, f in self.asked)

    def weights(self, text: _Text) -> str:
        """`1–3 required, 4 caution`."""
        by_strength: dict[str, list[int]] = {}
        for number, finding in self.asked:
            by_strength.setdefault(finding.criterion.strength, []).append(number)
        return ", ".join(f"{_ranges(numbers)} {text.word(f'strength.{s}')}" for s, numbers in by_strength.items())


def _ranges(numbers: list[int]) -> str:
    """`1–3 5` of 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return " ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def board(
    chart: Chart, protocols: Sequence[Protocol], *, payers: Sequence[Protocol], as_of: AsOf, language: Language
) -> str:
    """The board of one patient."""
    view = View(chart, as_of, words())
    decisions = [decide(view, p) for p in protocols]
    text = _Text(language)
    _head(text, chart, as_of)
    _story(text, view, decisions[0].trd)
    _staging(text, staged(view, models(), decisions[0].trd.rules.id))
    text.heading("board.decision")
    for number, d in enumerate(decisions, 1):
        _decision(text, number, d)
    _cards(text, _gather(decisions, SCREENING))
    _before_each_dose(text, _gather(decisions, "before_each_dose"))
    _prompts(text, notes(view, prompts()))
    _payers(text, [decide(view, p) for p in payers])
    _left_over(text, chart)
    text.line()
    text.wrapped(language.word("board.disclaimer"))
    return text.whole()


class _Text:
    def __init__(self, language: Language) -> None:
        self.language = language
        self._lines: list[str] = []

    def word(self, term: str) -> str:
        return self.language.word(term)

    def line(self, text: str = "") -> None:
        self._lines.append(text)

    def heading(self, term: str, more: str = "") -> None:
        self._lines += ["", f"{self.word(term)}{more}".upper()]

    def wrapped(self, text: str, *, first: str = "", rest: str = "") -> None:
        self._lines += wrapped(text, first=first, rest=rest)

    def whole(self) -> str:
        return "\n".join(self._lines) + "\n\n"


def _head(text: _Text, chart: Chart, as_of: AsOf) -> None:
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


def _story(text: _Text, view: View, trd: Trd) -> None:
    text.heading("board.story")
    for scale in view.words.depression_scales:
        scores = sorted(view.observations.get(scale, ()), key=lambda o: str(o.when))
        if scores:
            shown = " · ".join(f"{o.value} ({o.when})" for o in scores[-8:])
            text.wrapped(f"{text.word(f'observation.{scale}')}: {shown}", first="  ", rest="    ")
    text.line(f"  {text.word('board.trials')} [{text.word(f'rules.{trd.rules.id}')}]")
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


def _staging(text: _Text, staged: Staged) -> None:
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


def _decision(text: _Text, number: int, d: Decision) -> None:
    protocol = d.protocol
    status = f"{STATUS_SHAPES[d.status]} {text.word(f'status.{d.status}')}"
    gap = " " * max(1, 26 - cells(status))
    text.line(f"  {number} {status}{gap}{protocol.id} ({protocol.version})")
    text.wrapped(
        f"{text.word(f'about.{protocol.id}')} [{text.word('board.not_adopted')}]", first=" " * 30, rest=" " * 30
    )
    if d.not_yet:
        text.line(" " * 30 + f"{text.word('board.not_yet')} {d.not_yet}")


def _gather(decisions: Iterable[Decision], when: str) -> list[Card]:
    """The same question with the same answer once, whoever asks it."""
    found: dict[tuple[object, ...], list[tuple[int, Finding]]] = {}
    for number, d in enumerate(decisions, 1):
        for f in d.findings:
            if f.criterion.when == when:
                key = (f.criterion.name, f.answer.verdict, f.answer.reason.id, str(f.answer.reason.values))
                found.setdefault(key, []).append((number, f))
    return [Card(tuple(asked)) for asked in found.values()]


def _cards(text: _Text, cards: list[Card]) -> None:
    open_ = [c for c in cards if c.first.answer.verdict is not MET]
    stops = [c for c in open_ if c.hard and c.first.answer.verdict is NOT_MET]
    asks = [c for c in open_ if c.hard and c.first.answer.verdict is UNKNOWN]
    weighs = [c for c in open_ if not c.hard]
    for heading, group in (("board.stops", stops), ("board.asks", asks), ("board.weighs", weighs)):
        if group:
            text.heading(heading)
            reviews: dict[str, list[Card]] = {}
            for card in group:
                if card.first.answer.reason.id == NOT_REVIEWED:
                    why = text.language.say(card.first.answer.reason.values["why"])
                    reviews.setdefault(why, []).append(card)
                else:
                    _card(text, card)
            for why, waiting in reviews.items():
                _waiting(text, why, waiting)
    _clear(text, [c for c in cards if c.first.answer.verdict is MET])


def _waiting(text: _Text, why: str, waiting: list[Card]) -> None:
    """What one missing review would answer, in one card."""
    text.wrapped(f"{why}; {text.word('board.until_reviewed')}:", first="  ◌ ", rest="    ")
    listed = [f"{text.word(f'criterion.{c.first.criterion.name}')} [{c.weights(text)}]" for c in waiting]
    text.wrapped(" · ".join(listed), first="      ", rest="      ")


def _clear(text: _Text, clear: list[Card]) -> None:
    if not clear:
        return
    text.heading("board.clear")
    reviews: dict[tuple[object, ...], list[str]] = {}
    for card in clear:
        reason = card.first.answer.reason
        if reason.id == REVIEWED:
            review = (reason.values["domain"], reason.values["on"], reason.values["by"])
            reviews.setdefault(review, []).append(text.word(f"criterion.{card.first.criterion.name}"))
        else:
            text.wrapped(_sentence(text, card.first), first="  ● ", rest="    ")
    for (domain, on, by), names in reviews.items():
        said = text.language.say(Reason("board.reviewed", {"domain": domain, "on": on, "by": by}))
        text.wrapped(f"{said} {' · '.join(names)}", first="  ● ", rest="    ")


def _sentence(text: _Text, finding: Finding) -> str:
    return f"{text.word(f'criterion.{finding.criterion.name}')}: {text.language.say(finding.answer.reason)}"


def _card(text: _Text, card: Card) -> None:
    finding = card.first
    criterion, answer = finding.criterion, finding.answer
    title = f"{text.word(f'criterion.{criterion.name}')} [{card.weights(text)}]"
    text.wrapped(title, first=f"  {SHAPES[answer.verdict]} ", rest="    ")
    text.wrapped(text.language.say(answer.reason), first="      ", rest="      ")
    for evidence in answer.evidence[:4]:
        text.wrapped(_shown(evidence), first="      · ", rest="        ")
    if len(answer.evidence) > 4:
        text.line(f"      {text.word('board.more').format(n=len(answer.evidence) - 4)}")
    said = text.language.say(answer.reason).lower()
    missing = dict.fromkeys(text.language.say(m).rstrip(".。") for m in answer.missing)
    not_said = [m for m in missing if m.lower() not in said]
    if not_said:
        text.wrapped("; ".join(not_said) + ".", first=f"      {text.word('board.missing')}: ", rest="        ")
    text.wrapped(text.word(f"change.{criterion.name}"), first="      → ", rest="        ")
    sources: dict[str, None] = {}
    for _, f in card.asked:
        c = f.criterion
        sources[f"{c.source_id} {c.source_where} ({text.word(f'standing.{c.standing}')})"] = None
    overrides = dict.fromkeys(text.word(f"override.{f.criterion.override}") for _, f in card.asked)
    said = f"{' · '.join(sources)}; {' / '.join(overrides)}"
    text.wrapped(said, first=f"      {text.word('board.source')}: ", rest="        ")


def _shown(evidence: Evidence) -> str:
    return f"{evidence.resource}: {evidence.text}" + (f", {evidence.date}" if evidence.date else "")


def _before_each_dose(text: _Text, cards: list[Card]) -> None:
    if cards:
        text.heading("board.before_dose")
        for card in cards:
            shape = SHAPES[card.first.answer.verdict]
            text.wrapped(_sentence(text, card.first), first=f"  {shape} ", rest="    ")


def _prompts(text: _Text, noted: Iterable[Noted]) -> None:
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


def _payers(text: _Text, decisions: Iterable[Decision]) -> None:
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


def _left_over(text: _Text, chart: Chart) -> None:
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
            text.wrapped(f"{p.place}: {p.text}", first="  · ", rest="    ")
