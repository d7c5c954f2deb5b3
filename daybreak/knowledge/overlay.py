"""May a clinic's own policy be laid over a protocol? It may only make it stricter.

An overlay may add criteria, raise a strength, and move a bound in the direction that its criterion declares as stricter.
Everything else is refused with the line that asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from daybreak.clinical.answers import Reason, Term
from daybreak.knowledge.check import line_problems
from daybreak.knowledge.protocols import in_force
from daybreak.knowledge.schema.protocols import ProtocolFile
from daybreak.knowledge.store import ROOT, load
from daybreak.knowledge.validate import Invalid, places, read_text

STRENGTHS = ("caution", "relative", "required", "absolute")
OVERRIDES = ("prescriber", "two_signatures", "none")
Lines = list[tuple[Mapping[str, Any], str]]


class Policy(NamedTuple):
    """A clinic's own policy: the name by which it is told of, and its YAML."""

    name: str
    content: bytes


class TooLoose(Invalid):
    """The policy would loosen the protocol. `reasons` say so in every language; `problems` are for whoever edits the file."""

    def __init__(self, problems: list[str], reasons: Sequence[Reason]) -> None:
        super().__init__(problems)
        self.reasons = reasons


class _Looser(NamedTuple):
    problem: str
    reason: Reason | None  # None: only a file can ask for it


def policy_file(path: Path) -> Policy:
    """The policy in a file. Raises `OSError`."""
    return Policy(path.name, path.read_bytes())


def laid_over(lines: Lines, policy: Policy, *, protocol: str, as_of: date, root: Path = ROOT) -> Lines:
    """The lines of a protocol with an overlay on top of those in force on that day.

    Raises `Invalid` with everything that the overlay may not do, `TooLoose` when it would loosen and is right otherwise.
    """
    try:
        parsed = ProtocolFile.model_validate(read_text(policy.content)).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid([f"{policy.name}: not readable as YAML: {error}"]) from error
    except ValidationError as error:
        raise Invalid(places(policy.name, policy.content, error)) from error
    known = [p["id"] for p in load("protocols", root).values()]
    if parsed.get("over") not in known:
        said = f"`over` is '{parsed['over']}'" if "over" in parsed else "`over` is missing"
        raise Invalid([f"{policy.name}: {said}; expected one of {', '.join(sorted(known))}"])
    if parsed["over"] != protocol:
        return lines  # it belongs to another protocol
    periods = {p["id"]: p for p in load("periods", root)["periods"]["periods"]}
    rules = load("trial_rules", root)
    entries = {c["id"]: c for c in load("criteria", root)["criteria"]["criteria"]}
    problems: list[str] = []
    looser: list[_Looser] = []
    found = list(lines)
    for line in parsed["criteria"]:
        name, when = line["criterion"], line["when"]
        place = f"{policy.name}: {name}"
        if name not in entries:
            problems.append(f"{place}: no such criterion; expected one of those that `daybreak knowledge list` shows")
            continue
        if wrong := list(line_problems(place, line, entries[name], periods, rules)):
            problems += wrong
            continue
        same = [i for i, (x, _) in enumerate(found) if (x["criterion"], x["when"]) == (name, when)]
        at = next((i for i in same if in_force(found[i][0], as_of)), None)
        if at is None:
            found.append((line, parsed["id"]))
            continue
        looser += _looser(place, found[at][0], line, entries[name]["stricter"], periods)
        found[at] = ({**found[at][0], **line}, parsed["id"])
    if problems:
        raise Invalid([*problems, *(one.problem for one in looser)])
    if looser:
        raise TooLoose([one.problem for one in looser], [one.reason for one in looser if one.reason])
    return found


def _looser(
    place: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    stricter: Mapping[str, str],
    periods: Mapping[str, Mapping[str, Any]],
) -> list[_Looser]:
    found = []
    about: dict[str, Any] = {"criterion": Term(f"criterion.{old['criterion']}")}
    for key, order in (("strength", STRENGTHS), ("override", OVERRIDES)):
        if order.index(new[key]) < order.index(old[key]):
            said = f"{place}: {key} '{new[key]}' is weaker than '{old[key]}'; an overlay may only raise it"
            weaker = {"now": Term(f"{key}.{new[key]}"), "was": Term(f"{key}.{old[key]}")}
            found.append(_Looser(said, Reason("policy.weaker", about | weaker)))
    for name, was in old["bounds"].items():
        now = new["bounds"].get(name)
        if now is None:
            found.append(
                _Looser(f"{place}: the bound '{name}' ({was}) is missing; repeat it or make it stricter", None)
            )
            continue
        before, after = (Decimal(text.split(" ")[0]) for text in (was, now))
        looser = after < before if stricter.get(name) == "higher" else after > before
        if was.partition(" ")[2] != now.partition(" ")[2] or looser or (name not in stricter and after != before):
            way = stricter.get(name, "no other")
            values = {
                "bound": Term(f"bound.{name}"),
                "now": now,
                "was": was,
                "way": Term(f"way.{stricter.get(name, 'none')}"),
            }
            found.append(
                _Looser(
                    f"{place}: the bound '{name}' may become {way}, not {now} from {was}",
                    Reason("policy.bound", about | values),
                )
            )
    for name in sorted(new["bounds"].keys() - old["bounds"].keys()):
        found.append(
            _Looser(f"{place}: the bound '{name}' is not one of the protocol's; an overlay may not add it", None)
        )
    if "valid_for" in old and _minutes(new, periods) > _minutes(old, periods):
        said = f"{place}: valid_for '{new['valid_for']}' is longer than '{old['valid_for']}'"
        values = {"now": _written(new["valid_for"], periods), "was": _written(old["valid_for"], periods)}
        found.append(_Looser(said, Reason("policy.period", about | values)))
    if new["with"] != old["with"]:
        found.append(_Looser(f"{place}: `with` may not be changed ({old['with']} is given)", None))
    found += [
        _Looser(f"{place}: `{key}` may not be changed", None)
        for key in ("until", "from")
        if new.get(key) != old.get(key)
    ]
    return found


def _written(id_: str, periods: Mapping[str, Mapping[str, Any]]) -> str:
    period = periods[id_]
    return f"{period['days']} d" if "days" in period else f"{period['minutes']} min"


def _minutes(line: Mapping[str, Any], periods: Mapping[str, Mapping[str, Any]]) -> int:
    """How long an answer may be relied on; a line that names no period keeps the one that it is laid over."""
    period = periods.get(line.get("valid_for", ""), {})
    minutes: int = period.get("minutes", period.get("days", 0) * 24 * 60)
    return minutes
