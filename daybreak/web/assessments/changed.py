"""Did the patient get better on this scale (response, remission, change that matters or is beyond chance), by which formula?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daybreak.clinical.screening import relapse, response
from daybreak.clinical.screening.response import Comparison, Reliable
from daybreak.knowledge import change, scales
from daybreak.web.assessments.results import Rating
from daybreak.web.words import word

RELIABLE = {
    Reliable.BETTER: "assessments.reliable_better",
    Reliable.POSSIBLY_BETTER: "assessments.reliable_possibly_better",
    Reliable.NO_RELIABLE_CHANGE: "assessments.reliable_no",
    Reliable.POSSIBLY_WORSE: "assessments.reliable_possibly_worse",
    Reliable.WORSE: "assessments.reliable_worse",
}
SAID = {True: "assessments.reached", False: "assessments.not_reached", None: "assessments.not_known"}
RELAPSED = {True: "assessments.yes", False: "assessments.no", None: "assessments.not_known"}
STANDING = {
    "label": "assessments.standing_label",
    "guideline": "assessments.standing_guideline",
    "study": "assessments.standing_study",
    "secondary": "assessments.standing_secondary",
    "local_policy": "assessments.standing_local",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question about the change: what is asked, the answer, the formula, and where the figure is from."""

    what: str
    answer: str
    formula: str
    source: str


def compared(scale: str, before: Rating, now: Rating) -> Comparison:
    """The later rating against the earlier one, by the thresholds of the scale."""
    return response.compare(change.change_rules(scale), before=rated(before), now=rated(now))


def lines(scale: str, ratings: Sequence[Rating], lang: str) -> list[Line]:
    """The last complete rating against the first; nothing with fewer than two."""
    complete = [one for one in ratings if one.total is not None]
    if len(complete) < 2:
        return []
    first, last = complete[0], complete[-1]
    found = compared(scale, first, last)
    return [
        *_lines(scale, scales.data(scale)["change"], first, last, found, complete, lang),
        *_relapse(scale, ratings[ratings.index(first) :], lang),
    ]


def _lines(
    scale: str,
    rules: Mapping[str, Any],
    first: Rating,
    last: Rating,
    found: Comparison,
    complete: Sequence[Rating],
    lang: str,
) -> Iterator[Line]:
    percent = "?" if found.percent is None else f"{float(found.percent):.1f}"
    numbers = {"points": found.improvement, "percent": percent}
    up = rules["higher_is"] == "better"
    yield Line(
        word("assessments.change", lang),
        word("assessments.points_better", lang, **numbers),
        f"{last.total} − {first.total}" if up else f"{first.total} − {last.total}",
        "",
    )
    if "response" in rules:
        rule = {"percent": rules["response"]["percent"]}
        from_ = source(rules["response"], lang)
        formula = word("assessments.response_formula", lang, **rule)
        yield Line(word("assessments.response", lang), word(SAID[found.response], lang), formula, from_)
        earlier = [compared(scale, first, one).response for one in complete[1:-1]]
        yield Line(
            word("assessments.lost", lang),
            word(_lost(found.response, earlier), lang),
            word("assessments.lost_formula" if "relapse" in rules else "assessments.lost_no_relapse", lang),
            from_,
        )
    for cut in rules["remission"]:
        formula = word("assessments.remission_formula", lang, most=cut["at_most"])
        answer = word(SAID[found.remission[cut["key"]]], lang)
        yield Line(word("assessments.remission", lang), answer, formula, source(cut, lang))
    for one in rules["meaningful"]:
        said = "assessments.meaningful_points" if "points" in one else "assessments.meaningful_percent"
        formula = word(said, lang, n=one.get("points", one.get("percent")))
        answer = word(SAID[found.meaningful[one["id"]]], lang)
        yield Line(word("assessments.meaningful", lang), answer, formula, source(one, lang))
    if found.reliable is None:
        none = word("assessments.reliable_none", lang)
        yield Line(word("assessments.reliable", lang), none, "", "")
    else:
        limits = {"possibly": rules["reliable"]["possibly"], "surely": rules["reliable"]["surely"]}
        formula = word("assessments.reliable_formula", lang, **limits)
        answer = word(RELIABLE[found.reliable], lang)
        yield Line(word("assessments.reliable", lang), answer, formula, source(rules["reliable"], lang))


def _relapse(scale: str, ratings: Sequence[Rating], lang: str) -> Iterator[Line]:
    """Every rating counts here, also one without total: what it was could make the difference."""
    if (rule := change.relapse_rule(scale)) is None:
        return
    first, *later = ratings
    found = relapse.relapsed(
        change.change_rules(scale), rule, first=rated(first), later=[(one.day, rated(one)) for one in later]
    )
    data = scales.data(scale)["change"]["relapse"]
    numbers = {"least": data["at_least"], "times": data["in_a_row"], "days": data["days_apart"]}
    formula = word("assessments.relapse_formula", lang, **numbers)
    yield Line(word("assessments.relapse", lang), word(RELAPSED[found], lang), formula, source(data, lang))


def _lost(now: bool | None, earlier: Sequence[bool | None]) -> str:
    if now is False and True in earlier:
        return "assessments.yes"
    unknown = now is None or (now is False and None in earlier)
    return "assessments.not_known" if unknown else "assessments.no"


def source(fact: Mapping[str, Any], lang: str) -> str:
    """How firm a figure of the knowledge is, and the id of where it is from."""
    return f"{word(STANDING[fact['standing']], lang)} ({fact['source']['id']})"


def rated(one: Rating) -> response.Rating:
    """The same as the rules compare it; without a total it is not complete."""
    scale = scales.scale(one.scale)
    status = "incomplete" if one.total is None else "complete"
    return response.Rating(one.scale, scale.edition, scale.recall, status, one.total)
