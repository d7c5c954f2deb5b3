"""How is a predicted concentration told in words and rows: what it is, what went into it, and on what it rests?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from daybreak.clinical.treatment.levels import Dose, Edges
from daybreak.clinical.treatment.units import written
from daybreak.clinical.treatment.weights import ORDER
from daybreak.knowledge import kinetics
from daybreak.knowledge.sentences import number
from daybreak.knowledge.store import loaded
from daybreak.web import zones
from daybreak.web.assessments.changed import STANDING
from daybreak.web.levels.reckoned import PEOPLE, Reckoned
from daybreak.web.words import word

EVERY = 10  # minutes between the rows of the table
TENTH = Decimal("0.1")
WEIGHTS = {ORDER: "levels.weight_order"}


@dataclass(frozen=True, slots=True)
class Table:
    """The same as the drawing, in figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def summary(one: Reckoned, language: str) -> str:
    """The drawing in a few sentences."""
    outer, last = one.outer, one.minutes
    peak = outer.high.index(max(outer.high))
    told = {"at": zones.clock(one.at(last)), "n": last, "now": _between(outer, last)}
    most = {"peak": f"{outer.high[peak]:.0f}", "peak_at": zones.clock(one.at(peak))}
    kind = "levels.said_people" if one.people else "levels.said_models" if one.lines else "levels.said_middle"
    return f"{word(kind, language)} {word('levels.said', language, **told, **most)}"


def table(one: Reckoned, language: str) -> Table:
    """A row for every ten minutes, and for the last."""
    named = [(each["title"][language], line) for each, line in zip(one.models, one.lines, strict=False)]
    columns = [
        *([(word("levels.nine_of_ten", language), one.people)] if one.people else []),
        (word("levels.all_models" if one.lines else "levels.middle", language), one.edges),
        *named,
    ]
    minutes = [*range(0, one.minutes, EVERY), one.minutes]
    rows = ((zones.clock(one.at(n)), str(n), *(_between(edges, n) for _, edges in columns)) for n in minutes)
    head = (word("levels.hour", language), word("levels.minute", language), *(f"{name} (ng/mL)" for name, _ in columns))
    return Table(head, tuple(rows))


def _between(edges: Edges, n: int) -> str:
    low, high = f"{edges.low[n]:.0f}", f"{edges.high[n]:.0f}"
    return high if low == high else f"{low}–{high}"


def given(one: Reckoned, language: str) -> list[str]:
    """Each dose with its time, its amount, and what is not known of it."""
    return [" ".join(_dose(dose, language)) for dose in one.doses]


def said(one: Dose) -> str:
    """How much, as bounds where it is not known exactly; what the pace of the order makes of it, to the next tenth above."""
    most = one.high_mg.quantize(TENTH, ROUND_CEILING) if one.runs_still else one.high_mg
    low, high = written(one.low_mg), written(most)
    return high if low == high else f"{low}–{high}"


def _dose(dose: Dose, language: str) -> Iterator[str]:
    run = dose.runs[0]
    times = [zones.clock(each) for each in dict.fromkeys((run.first, run.latest))]
    yield word("levels.dose", language, at="–".join(times), drug=dose.drug, mg=said(dose))
    if any(lasts for _, lasts in run.pieces):
        pieces = ", ".join(f"{begins:.0f}–{begins + lasts:.0f}" for begins, lasts in run.pieces)
        yield word("levels.ran", language, pieces=pieces)
    if dose.runs_still:
        yield word("levels.runs_still", language)
    elif dose.low_mg != dose.high_mg:
        yield word("levels.not_exact", language)
    if len(times) > 1:
        yield word("levels.time_unsure", language)


def about(one: Reckoned, language: str) -> list[str]:
    """What of the patient the models were asked with, and what is missing and therefore widens."""
    found = [word(WEIGHTS.get(name, "levels.weight_scale"), language, kg=number(kg)) for name, kg in one.kgs]
    if one.ages:
        youngest, oldest = one.ages
        found.append(word("levels.age", language, age=f"{youngest}" if youngest == oldest else f"{youngest}–{oldest}"))
        found.append(word("levels.descent", language))
    if one.lines:
        found.append(word("levels.evenly", language))
        found.append(word("levels.no_spread", language))
    if one.no_people:
        found.append(word("levels.no_numpy", language))
    if one.people:
        found.append(word("levels.made_up", language, n=PEOPLE))
    return found


def models(one: Reckoned, language: str) -> list[str]:
    """Each with whom it was made of, where blood was drawn, and where its numbers were read."""
    titles = _sources()
    found = []
    for each in one.models:
        parts = (each[part][language] for part in ("title", "sampled", "people"))
        read = dict.fromkeys((own["source"]["id"], own["standing"]) for own in each["parameters"])
        sources = "; ".join(f"{titles[id]} ({word(STANDING[standing], language)})" for id, standing in read)
        found.append(f"{'; '.join(parts)}. {sources}")
    return found


def limits(language: str) -> Sequence[str]:
    """What no curve here says."""
    return (word("levels.evidence", language), kinetics.words()[1][language], kinetics.metabolite()[language])


def measured(one: Reckoned, language: str) -> Table:
    """What was measured of the same drug by the same way, as it was printed: of other people and other doses."""
    names = ("levels.m_dose", "levels.m_what", "levels.m_value", "levels.m_who", "levels.m_source")
    titles, rows = _sources(), []
    for each in kinetics.measured(one.doses[0].drug, one.doses[0].way):
        who = "; ".join(
            str(part)
            for part in (each.get("people"), f"n = {each['n']}" if "n" in each else "", each.get("sampled"))
            if part
        )
        value = " ".join(
            part
            for part in (each["value"], each.get("unit"), f"({each['spread']})" if "spread" in each else "")
            if part
        )
        dose = ", ".join(part for part in (each.get("dose"), each.get("form")) if part)
        source = f"{titles[each['source']['id']]}, {each['source']['where']}"
        rows.append((f"{each['drug']} {dose}", each["quantity"], value, who or "–", source))
    return Table(tuple(word(name, language) for name in names), tuple(rows))


def _sources() -> dict[str, str]:
    return {one["id"]: one["title"] for file in loaded("sources").values() for one in file["sources"]}
