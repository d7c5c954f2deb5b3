"""What is a rule made of: a small immutable tree over named facts, read in three-valued logic.

The tree is the one description of a rule: this reader answers for one chart, another may read it for millions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from daybreak.clinical.answers import (
    MET,
    NOT_MET,
    UNKNOWN,
    Answer,
    Evidence,
    Reason,
    Term,
    Verdict,
    conjunction,
    disjunction,
)
from daybreak.clinical.screening.staging import months_after


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is only known to lie between two others, both included."""

    low: Decimal
    high: Decimal


class FactAnswer(NamedTuple):
    """What a chart says to one question. `value` None is Unknown.

    `reason` explains the value; `missing` says what would have to be known; `review_on` is the first day on which the
    value may change by time alone; `grows_since` the day from which a value in years is counted. `expired` says that the
    answer is too old: that only takes a clearance away, an obstacle stays until there is a newer answer.
    """

    value: bool | Decimal | Range | None
    reason: Reason
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Reason, ...] = ()
    review_on: date | None = None
    grows_since: date | None = None
    expired: Reason | None = None


# Questions and nodes are compared by identity: the same question is one object (`fact`), so that a view finds the answer
# it already has without looking at the arguments again.
@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A question about a chart: the name of the fact and its arguments. Made by `fact`."""

    name: str
    arguments: Mapping[str, Any]


def fact(name: str, **arguments: Any) -> Fact:
    """`fact("condition", concept="psychosis")`: the same question is the same object."""
    return _fact(name, tuple(sorted(arguments.items())))


@cache
def _fact(name: str, arguments: tuple[tuple[str, Any], ...]) -> Fact:
    return Fact(name, dict(arguments))


@dataclass(frozen=True, slots=True, eq=False)
class IsTrue:
    fact: Fact


@dataclass(frozen=True, slots=True, eq=False)
class IsFalse:
    fact: Fact


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    fact: Fact
    bound: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class AtMost:
    fact: Fact
    bound: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    fact: Fact
    bound: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    nodes: tuple[Node, ...]


TESTS = {AtLeast: Term("test.at_least"), AtMost: Term("test.at_most"), Below: Term("test.below")}
Node = IsTrue | IsFalse | AtLeast | AtMost | Below | AllOf | AnyOf
Ask = Callable[[Fact], FactAnswer]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a protocol: a rule with its weight, its source and who may make an exception.

    `strength` is `absolute`, `required`, `relative` or `caution`; `when` is `screening` or `before_each_dose`;
    `override` is `none`, `prescriber` or `two_signatures`. `layer` names the policy that this line comes from;
    `other_sources` (id, place, standing) are those of its numbers and of its period of validity.
    """

    name: str
    rule: Node
    strength: str
    when: str
    override: str
    source_id: str
    source_where: str
    standing: str
    layer: str
    other_sources: tuple[tuple[str, str, str], ...] = ()


def evaluate(node: Node, ask: Ask) -> Answer:
    """Read a tree for one chart. All evidence is kept; the reason is that of the branches that decided."""
    if isinstance(node, (AllOf, AnyOf)):
        answers = [evaluate(child, ask) for child in node.nodes]
        together = conjunction if isinstance(node, AllOf) else disjunction
        return _joined(together(a.verdict for a in answers), answers)
    value, reason, evidence, missing, review_on, grows_since, expired = ask(node.fact)
    if isinstance(node, (IsTrue, IsFalse)):
        verdict = UNKNOWN if value is None else MET if value is isinstance(node, IsTrue) else NOT_MET
    else:
        verdict = _compared(node, value)
        reason = Reason(reason.id, {**reason.values, "test": TESTS[type(node)], "bound": node.bound})
        if verdict is not MET and grows_since is not None:
            review_on = months_after(grows_since, int(node.bound) * 12)
    if verdict is MET and expired is not None:
        return Answer(UNKNOWN, expired, evidence, (*missing, expired), review_on)
    return Answer(verdict, reason, evidence, missing, review_on)


def _compared(node: AtLeast | AtMost | Below, value: bool | Decimal | Range | None) -> Verdict:
    if value is None or isinstance(value, bool):
        return UNKNOWN
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    if isinstance(node, AtLeast):
        sure, never = low >= node.bound, high < node.bound
    elif isinstance(node, AtMost):
        sure, never = high <= node.bound, low > node.bound
    else:
        sure, never = high < node.bound, low >= node.bound
    return MET if sure else NOT_MET if never else UNKNOWN


def _joined(verdict: Verdict, answers: list[Answer]) -> Answer:
    deciding = [a for a in answers if a.verdict is verdict]
    reasons = tuple(a.reason for a in deciding)
    reason = reasons[0] if len(reasons) == 1 else Reason("all", {"reasons": reasons})
    evidence = tuple(dict.fromkeys(e for a in answers for e in a.evidence))
    missing = tuple(m for a in answers for m in a.missing)
    return Answer(verdict, reason, evidence, missing, max((a.review_on for a in deciding if a.review_on), default=None))
