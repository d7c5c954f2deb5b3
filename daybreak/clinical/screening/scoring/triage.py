"""How much suicide risk do the answers of a screener show? (method "screener triage")

A readable yes always counts, whatever stands beside it. Answers that contradict each other keep the higher level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Result, Scale
from daybreak.clinical.screening.scoring.sums import invalid

KEYS = ("status", "risk", "at_least", "missing", "safety", "problem")


@dataclass(frozen=True, slots=True)
class Question:
    """A yes is worth `level` (a place in `ScreenerTriage.levels`); it is asked only after a yes to question `after`."""

    name: str
    level: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class ScreenerTriage:
    """The highest level of any yes. `levels` rise; `after` counts questions from 0."""

    levels: tuple[str, ...]
    questions: tuple[Question, ...]

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from the answers (true, false or null, in order) to the result. `missing` names what is open."""
        questions, levels, size = self.questions, self.levels, len(self.questions)

        def score(args: object) -> Result:
            result: Result = dict.fromkeys(KEYS)
            given: list[object] = list(args) if type(args) in (list, tuple) else []  # type: ignore[call-overload]
            answers = [answer if isinstance(answer, bool) else None for answer in given[:size]]
            answers += [None] * (size - len(answers))
            lowest = max((q.level for q, a in zip(questions, answers, strict=True) if a), default=0)
            missing = [q.name for q, a in zip(questions, answers, strict=True) if a is None and _due(q, answers)]
            result["at_least"] = levels[lowest]
            result["safety"] = form.POSITIVE if lowest else form.UNREADABLE
            problem = _unreadable(args, given, questions)
            if problem:
                return invalid(result, problem)
            result["missing"] = missing
            if not lowest:
                result["safety"] = form.NOT_ANSWERED if missing else form.NEGATIVE
            against = [q.name for q, a in zip(questions, answers, strict=True) if a and _contradicted(q, answers)]
            known = lowest == _worst(questions, answers) or not missing
            result["risk"] = levels[lowest] if known else None
            if against:
                names = ", ".join(against)
                return invalid(
                    result, f"Yes to {names} after a no that rules it out. Ask again.", status="inconsistent"
                )
            result["status"] = "complete" if not missing else "partial" if known else "incomplete"
            return result

        return score


def _due(question: Question, answers: Sequence[bool | None]) -> bool:
    return question.after is None or answers[question.after] is True


def _contradicted(question: Question, answers: Sequence[bool | None]) -> bool:
    return question.after is not None and answers[question.after] is False


def _worst(questions: Sequence[Question], answers: Sequence[bool | None]) -> int:
    """The level if every question that is still open were answered yes."""
    could_be_yes = (
        q.level for q, a in zip(questions, answers, strict=True) if a or (a is None and not _contradicted(q, answers))
    )
    return max(could_be_yes, default=0)


def _unreadable(args: object, given: Sequence[object], questions: Sequence[Question]) -> str | None:
    names = ", ".join(question.name for question in questions)
    if type(args) not in (list, tuple) or len(given) != len(questions):
        found = f"{len(given)} answers" if type(args) in (list, tuple) else form.shown(args)
        return f"Found {found}; expected {len(questions)} in this order: {names}, each true, false or null."
    wrong = [
        f"{question.name} is {form.shown(answer)}"
        for question, answer in zip(questions, given, strict=True)
        if answer is not None and not isinstance(answer, bool)
    ]
    return f"{', '.join(wrong)}; expected true, false or null. Ask again." if wrong else None
