"""Which rules does Daybreak decide by? Writes docs/knowledge.md from the knowledge files (`make docs`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from daybreak.knowledge.store import load

TARGET = Path(__file__).parent / "knowledge.md"
Data = Mapping[str, Any]

HEAD = """# What Daybreak decides by

Made from the files in `daybreak/knowledge` by `make docs`; change those, not this page. Quantities are in UCUM units
(`a` years, `d` days). A criterion is *met* when nothing stands in the way. *absolute* and *required* criteria decide;
*relative* and *caution* ask for a review. Standing says how much a line weighs: *label*, *statute*, *guideline*,
*study*, *secondary* (read in a summary) or *local_policy* (ours; no document gives it). Sources stand at the end.
"""
DOSES = """## What one dose may be

Outside `allowed` or `range` a prescriber writes a reason, or the dose is refused, as `other doses` says; above `ceiling`, and
from `anaesthetic` on, it is refused. `signs`: figures that no source gives; until a clinic has signed them there is no dose.
"""
COLUMNS = "| Criterion | When | Strength | Bounds | Answer holds for | Exception | Source | Standing | Dates |"


def page() -> str:
    """The whole page."""
    titles = {one["id"]: one["title"]["en"] for file in load("criteria").values() for one in file["criteria"]}
    periods = {one["id"]: one for file in load("periods").values() for one in file["periods"]}
    parts = [HEAD]
    for heading, section in (("Protocols", "protocols"), ("What payers ask for", "payers")):
        parts.append(f"## {heading}\n")
        parts += ["\n".join(_protocol(one, titles, periods)) + "\n" for one in load(section).values()]
    parts.append(DOSES)
    parts += ["\n".join(_ladder(one)) + "\n" for one in load("dosing")["dosing"]["ladders"]]
    kinetics = load("kinetics")["kinetics"]
    parts.append(f"## Concentration in the blood\n\n{kinetics['words']['en']} {kinetics['effect']['en']}\n")
    parts += ["\n".join(_model(one)) + "\n" for one in kinetics["models"]]
    parts.append("\n".join(_rems(load("rems")["rems"])) + "\n")
    parts.append("## Sources\n")
    parts.append("\n".join(sorted(_source(one) for file in load("sources").values() for one in file["sources"])) + "\n")
    return "\n".join(parts)


def _protocol(one: Data, titles: Data, periods: Data) -> Iterator[str]:
    yield f"### {one['title']['en']} (`{one['id']}`)\n"
    if "about" in one:
        yield f"{one['about']['en']}\n"
    yield f"Source: {_cited(one['source'])}. Standing: {one['standing']}. {_dates(one, always='Undated')}."
    if "trial_rules" in one:
        yield f"Trials are judged by `{one['trial_rules']}`."
    if one.get("not_computed"):
        yield "Not computed: " + " ".join(words["en"] for words in one["not_computed"])
    yield "\n" + COLUMNS
    yield "|---" * COLUMNS.count(" | ") + "|---|"
    for line in one["criteria"]:
        yield _row(
            (
                titles[line["criterion"]],
                line["when"].replace("_", " "),
                line["strength"],
                _bounds(line),
                _period(periods[line["valid_for"]]) if "valid_for" in line else "",
                line["override"].replace("_", " "),
                _cited(line["source"]),
                line["standing"],
                _dates(line, always=""),
            )
        )


def _rems(form: Data) -> Iterator[str]:
    """Every field of the monitoring form, by version, with what is known of it."""
    deadline = form["deadline"]
    yield "## The monitoring form of the REMS\n"
    yield f"{form['says']['en']} Filed within {deadline['days']} calendar days ({_cited(deadline['source'])}).\n"
    yield "| Setting | Enrolment | Form | Source | Standing |"
    yield "|---|---|---|---|---|"
    for one in form["settings"]:
        asked = ["yes" if one[name] else "no" for name in ("enrolment", "form")]
        yield _row((one["words"]["en"], *asked, _cited(one["source"]), one["standing"]))
    yield ""
    yield "| Field | Kind | Versions | Not seen on | Source | Standing |"
    yield "|---|---|---|---|---|---|"
    for one in form["fields"]:
        versions, carried = ", ".join(one["versions"]), ", ".join(one["carried"])
        kind = f"{one['kind']}, our own" if one["ours"] else one["kind"]
        yield _row((one["words"]["en"], kind, versions, carried, _cited(one["source"]), one["standing"]))


def _ladder(one: Data) -> Iterator[str]:
    """Every figure of what one dose may be, each with its source."""
    yield f"### {one['title']['en']} (`{one['id']}`)\n"
    protocols = ", ".join(f"`{id}`" for id in one["protocols"]) or "no protocol; a reason is asked for"
    yield f"For courses under {protocols}.\n"
    yield "| What | Figure | Source | Standing |"
    yield "|---|---|---|---|"
    for name, told in one.items():
        for fact in told if isinstance(told, list) else [told]:
            if isinstance(fact, dict) and "standing" in fact:
                yield _row((name.replace("_", " "), _figures(fact), _cited(fact["source"]), fact["standing"]))


def _model(one: Data) -> Iterator[str]:
    """Every parameter of a kinetic model, and how far people differ in it."""
    yield f"### {one['title']['en']} (`{one['id']}`)\n"
    yield f"{one['drug'].capitalize()}, {one['way']}. {one['sampled']['en']}; {one['people']['en']}.\n"
    yield "| Parameter | Value | Source | Standing |"
    yield "|---|---|---|---|"
    for fact in (*one["parameters"], *one.get("between", ())):
        figure = f"{fact['value']} {'' if fact['unit'] == '1' else fact['unit']}".strip()
        yield _row((fact["id"].replace("_", " "), figure, _cited(fact["source"]), fact["standing"]))


def _figures(fact: Data) -> str:
    """All that a fact says besides what it rests on."""
    told = []
    for name, value in fact.items():
        if name not in ("source", "standing", "id", "words"):
            said = ", ".join(value) if isinstance(value, list) else str(value).lower()
            told.append(f"{name.replace('_', ' ')} {said}")
    return "; ".join([*told, *([fact["words"]["en"]] if "words" in fact else [])])


def _bounds(line: Data) -> str:
    if not line.get("bounds"):
        return ""
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in line["bounds"].items())
    own = line.get("bounds_source")
    return told + (f" ({_cited(own)}; {line.get('bounds_standing', line['standing'])})" if own else "")


def _period(one: Data) -> str:
    return f"{one['days']} d" if "days" in one else f"{one['minutes']} min"


def _dates(one: Data, *, always: str) -> str:
    told = [f"{word} {one[key]}" for key, word in (("from", "from"), ("until", "until before")) if key in one]
    return " ".join(told) or always


def _cited(source: Data) -> str:
    return f"{source['id']}, {source['where']}"


def _source(one: Data) -> str:
    address = f" <{one['url']}>" if "url" in one else ""
    note = f" ({one['note']})" if "note" in one else ""
    return f"- `{one['id']}`: {one['title']}{note}{address}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
    print(f"docs/{TARGET.name} is written")
