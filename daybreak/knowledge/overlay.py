"""May a clinic's own policy be laid over a protocol? It may only make it stricter.

An overlay may add criteria, raise a strength, and move a bound in the direction that its criterion declares as stricter.
Everything else is refused with the line that asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from daybreak.knowledge.check import line_problems
from daybreak.knowledge.schema.protocols import ProtocolFile
from daybreak.knowledge.store import ROOT, load
from daybreak.knowledge.validate import Invalid, places, read_yaml

STRENGTHS = ("caution", "relative", "required", "absolute")
OVERRIDES = ("prescriber", "two_signatures", "none")
Lines = list[tuple[Mapping[str, Any], str]]


def laid_over(lines: Lines, path: Path, *, protocol: str, root: Path = ROOT) -> Lines:
    """The lines of a protocol with an overlay on top. Raises `Invalid` with everything that the overlay may not do."""
    try:
        parsed = ProtocolFile.model_validate(read_yaml(path)).model_dump(mode="json", by_alias=True, exclude_none=True)
    except yaml.YAMLError as error:
        raise Invalid([f"{path.name}: not readable as YAML: {error}"]) from error
    except ValidationError as error:
        raise Invalid(places(path, error)) from error
    known = [p["id"] for p in load("protocols", root).values()]
    if parsed.get("over") not in known:
        said = f"`over` is '{parsed['over']}'" if "over" in parsed else "`over` is missing"
        raise Invalid([f"{path.name}: {said}; expected one of {', '.join(sorted(known))}"])
    if parsed["over"] != protocol:
        return lines  # it belongs to another protocol
    periods = {p["id"]: p for p in load("periods", root)["periods"]["periods"]}
    rules = load("trial_rules", root)
    entries = {c["id"]: c for c in load("criteria", root)["criteria"]["criteria"]}
    problems: list[str] = []
    found = list(lines)
    for line in parsed["criteria"]:
        name, when = line["criterion"], line["when"]
        place = f"{path.name}: {name}"
        if name not in entries:
            problems.append(f"{place}: no such criterion; expected one of those that `daybreak knowledge list` shows")
            continue
        if wrong := list(line_problems(place, line, entries[name], periods, rules)):
            problems += wrong
            continue
        at = next((i for i, (x, _) in enumerate(found) if (x["criterion"], x["when"]) == (name, when)), None)
        if at is None:
            found.append((line, parsed["id"]))
            continue
        problems += _looser(place, found[at][0], line, entries[name]["stricter"], periods)
        found[at] = ({**found[at][0], **line}, parsed["id"])
    if problems:
        raise Invalid(problems)
    return found


def _looser(
    place: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    stricter: Mapping[str, str],
    periods: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    problems = []
    for key, order in (("strength", STRENGTHS), ("override", OVERRIDES)):
        if order.index(new[key]) < order.index(old[key]):
            problems.append(f"{place}: {key} '{new[key]}' is weaker than '{old[key]}'; an overlay may only raise it")
    for name, was in old["bounds"].items():
        now = new["bounds"].get(name)
        if now is None:
            problems.append(f"{place}: the bound '{name}' ({was}) is missing; repeat it or make it stricter")
            continue
        before, after = (Decimal(text.split(" ")[0]) for text in (was, now))
        looser = after < before if stricter.get(name) == "higher" else after > before
        if was.partition(" ")[2] != now.partition(" ")[2] or looser or (name not in stricter and after != before):
            problems.append(
                f"{place}: the bound '{name}' may become {stricter.get(name, 'no other')}, not {now} from {was}"
            )
    for name in sorted(new["bounds"].keys() - old["bounds"].keys()):
        problems.append(f"{place}: the bound '{name}' is not one of the protocol's; an overlay may not add it")
    if "valid_for" in old and _minutes(new, periods) > _minutes(old, periods):
        problems.append(f"{place}: valid_for '{new['valid_for']}' is longer than '{old['valid_for']}'")
    if new["with"] != old["with"]:
        problems.append(f"{place}: `with` may not be changed ({old['with']} is given)")
    for key in ("until", "from"):
        if new.get(key) != old.get(key):
            problems.append(f"{place}: `{key}` may not be changed")
    return problems


def _minutes(line: Mapping[str, Any], periods: Mapping[str, Mapping[str, Any]]) -> int:
    """How long an answer may be relied on; a line that names no period keeps the one that it is laid over."""
    period = periods.get(line.get("valid_for", ""), {})
    minutes: int = period.get("minutes", period.get("days", 0) * 24 * 60)
    return minutes
