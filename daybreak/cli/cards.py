"""What does each criterion say on the board: once, whoever asks it, with reason, evidence, what would change it, source?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daybreak.cli.text import Text
from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Evidence, Reason
from daybreak.clinical.screening.judge import HARD, Decision, Finding, gathered

SHAPES = {MET: "●", NOT_MET: "■", UNKNOWN: "◌"}
NOT_REVIEWED, REVIEWED = (
    "absent.not-reviewed",
    "absent.reviewed",
)  # said once for each review, not once for each question


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

    def weights(self, text: Text) -> str:
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


def gather(decisions: Iterable[Decision], when: str) -> list[Card]:
    """The same question with the same answer once, whoever asks it."""
    return [Card(tuple((number, f) for number, _, f in asked)) for asked in gathered(decisions, when)]


def cards(text: Text, answered: list[Card]) -> None:
    open_ = [c for c in answered if c.first.answer.verdict is not MET]
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
    _clear(text, [c for c in answered if c.first.answer.verdict is MET])


def _waiting(text: Text, why: str, waiting: list[Card]) -> None:
    """What one missing review would answer, in one card."""
    text.wrapped(f"{why}; {text.word('board.until_reviewed')}:", first="  ◌ ", rest="    ")
    listed = [f"{text.word(f'criterion.{c.first.criterion.name}')} [{c.weights(text)}]" for c in waiting]
    text.wrapped(" · ".join(listed), first="      ", rest="      ")


def _clear(text: Text, clear: list[Card]) -> None:
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


def _sentence(text: Text, finding: Finding) -> str:
    return f"{text.word(f'criterion.{finding.criterion.name}')}: {text.language.say(finding.answer.reason)}"


def _card(text: Text, card: Card) -> None:
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


def due(text: Text, answered: list[Card]) -> None:
    if answered:
        text.heading("board.before_dose")
        for card in answered:
            shape = SHAPES[card.first.answer.verdict]
            text.wrapped(_sentence(text, card.first), first=f"  {shape} ", rest="    ")
