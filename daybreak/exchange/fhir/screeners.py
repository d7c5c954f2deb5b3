"""Which level of suicide risk do the answers of a screener make, where only the answers were recorded?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Observation
from daybreak.clinical.screening.scales import score
from daybreak.knowledge.scales import data, scale

SCREENER = "c-ssrs-screen"
RISK = f"{SCREENER}.risk"
ACUTE = ("moderate", "high")  # either calls for an assessment first: nothing that is still open lowers it


def levels(observations: Iterable[Observation]) -> list[Observation]:
    """One level for each form, or for each day on which answers stand alone.

    A level recorded beside them stands, unless they are worse: what is contradicted keeps the higher level.
    A yes counts whatever is open beside it. Where what is open could make it urgent, the level cannot be known.
    """
    forms: dict[Hashable, list[Observation]] = {}
    recorded = set()
    for o in observations:
        if o.kind == RISK:
            recorded |= {o.ref, o.when}
        elif o.kind.startswith(f"{SCREENER}."):
            forms.setdefault(o.ref if o.ref.startswith("QuestionnaireResponse/") else o.when, []).append(o)
    made = [(_level(answers), key in recorded or answers[0].when in recorded) for key, answers in forms.items()]
    return [level for level, beside in made if not beside or level.value in ACUTE]


def _level(answers: Sequence[Observation]) -> Observation:
    names = [question["name"] for question in data(SCREENER)["method"]["questions"]]
    given = {name: _said([o for o in answers if o.kind == f"{SCREENER}.{name}"]) for name in names}
    result = score(scale(SCREENER), list(given.values()))
    least = str(result["at_least"])
    settled = result["status"] in ("complete", "partial") or least in ACUTE
    level: str | Unreadable = str(result["risk"] or least) if settled else UNREADABLE
    yes = [o for o in answers if given[o.kind.rpartition(".")[2]] is True]
    first = (yes or answers)[-1]
    said = f"at least {least}" if level is UNREADABLE else level
    return Observation(first.ref, RISK, level, first.when, first.instant, f"C-SSRS screener, from its answers: {said}")


def _said(answers: Sequence[Observation]) -> bool | str | None:
    """A yes stands, whatever stands beside it; something that cannot be read is no "no"."""
    values = {o.value for o in answers}
    if "yes" in values:
        return True
    if not values or values == {None}:
        return None
    return False if values == {"no"} else "not readable"
