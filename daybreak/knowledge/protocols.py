"""What does a protocol say on one day, with a clinic's own stricter policy laid over it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daybreak.clinical.screening.criteria import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Below,
    Criterion,
    Fact,
    IsFalse,
    IsTrue,
    Node,
    fact,
)
from daybreak.clinical.screening.judge import Protocol
from daybreak.knowledge.store import ROOT, digest_of, load

if TYPE_CHECKING:
    from daybreak.knowledge.overlay import Policy

UNDATED = "undated"
GROUND = ("conditions", "medicines", "observations", "reviews", "trial_rules", "dose_tables", "staging")


class NotInForce(Exception):
    """The protocol did not exist yet on that day."""


class UnknownProtocol(Exception):
    """No protocol or payer has that id."""


def protocol_ids(root: Path = ROOT) -> tuple[str, ...]:
    """The ids of all protocols."""
    return tuple(p["id"] for p in load("protocols", root).values())


@lru_cache(maxsize=4)
def off_label(root: Path = ROOT) -> frozenset[str]:
    """The ids of the protocols for a use that no authority has approved."""
    return frozenset(p["id"] for p in load("protocols", root).values() if p["off_label"])


def payer_ids(root: Path = ROOT) -> tuple[str, ...]:
    """The ids of all payers."""
    return tuple(p["id"] for p in load("payers", root).values())


@lru_cache(maxsize=256)
def protocol(id_: str, *, as_of: date, root: Path = ROOT, overlay: Policy | None = None) -> Protocol:
    """One protocol as it stood on that day. Raises `UnknownProtocol`, `NotInForce`, or `Invalid` for an overlay."""
    data = _file("protocols", id_, root)
    lines = [(line, id_) for line in data["criteria"]]
    if overlay is not None:
        from daybreak.knowledge.overlay import laid_over

        lines = laid_over(lines, overlay, protocol=id_, as_of=as_of, root=root)
    return _resolved(data, lines, as_of=as_of, root=root)


@lru_cache(maxsize=256)
def payer(id_: str, *, as_of: date, root: Path = ROOT) -> Protocol:
    """One payer's criteria in the shape of a protocol. Never a clinical finding."""
    data = _file("payers", id_, root)
    return _resolved(data, [(line, id_) for line in data["criteria"]], as_of=as_of, root=root)


def _file(section: str, id_: str, root: Path) -> Mapping[str, Any]:
    for data in load(section, root).values():
        if data["id"] == id_:
            return dict(data)
    raise UnknownProtocol(f"'{id_}' is not one of {', '.join(sorted(p['id'] for p in load(section, root).values()))}")


def in_force(fact: Mapping[str, Any], as_of: date) -> bool:
    """Does it hold on that day? From `from`, and no longer on the day `until`."""
    day = as_of.isoformat()
    return fact.get("from", "") <= day and (not fact.get("until") or day < fact["until"])


def _resolved(
    data: Mapping[str, Any], lines: list[tuple[Mapping[str, Any], str]], *, as_of: date, root: Path
) -> Protocol:
    begins = data.get("from", "")
    if begins > as_of.isoformat():
        raise NotInForce(f"protocol {data['id']} is not in force on {as_of}: it begins on {begins}")
    dates = {begins, *(line[key] for line, _ in lines for key in ("from", "until") if line.get(key))}
    version = max((d for d in dates if d and d <= as_of.isoformat()), default=UNDATED)
    now = [(line, layer) for line, layer in lines if in_force(line, as_of)]
    entries = {c["id"]: c for c in load("criteria", root)["criteria"]["criteria"]}
    periods = {p["id"]: p for p in load("periods", root)["periods"]["periods"]}
    criteria = tuple(
        _criterion(line, entries[line["criterion"]], periods, layer=layer, rules=data.get("trial_rules"))
        for line, layer in now
    )
    used = [entries[line["criterion"]] for line, _ in now]
    digest = digest_of(
        {
            "lines": now,
            "criteria": used,
            "periods": periods,
            "trial_rules": data["trial_rules"],
            "ground": _ground(root),
        }
    )
    return Protocol(data["id"], version, digest, data["trial_rules"], criteria)


@lru_cache(maxsize=4)
def _ground(root: Path) -> str:
    """The digest of what every protocol stands on: value sets, rule sets, doses. All of them, because facts name some of
    them themselves (`major_depression`) and a clinic must be asked again when any changes."""
    return digest_of({section: load(section, root) for section in GROUND})


def leaves(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every fact of a rule."""
    branches = (*rule["all_of"], *rule["any_of"])
    if not branches:
        yield rule
    for branch in branches:
        yield from leaves(branch)


def _criterion(
    line: Mapping[str, Any],
    entry: Mapping[str, Any],
    periods: Mapping[str, Mapping[str, Any]],
    *,
    layer: str,
    rules: str | None,
) -> Criterion:
    own = {"rules": rules, **line["with"]}
    source = (line["source"]["id"], line["source"]["where"])
    others = []
    if "bounds_source" in line:
        others.append((line["bounds_source"]["id"], line["bounds_source"]["where"], line["bounds_standing"]))
    if "valid_for" in line:
        period = periods[line["valid_for"]]
        others.append((period["source"]["id"], period["source"]["where"], period["standing"]))
    return Criterion(
        name=line["criterion"],
        rule=_node(entry["rule"], line, own, periods),
        strength=line["strength"],
        when=line["when"],
        override=line["override"],
        source_id=source[0],
        source_where=source[1],
        standing=line["standing"],
        layer=layer,
        other_sources=tuple(others),
    )


def _node(rule: Mapping[str, Any], line: Mapping[str, Any], own: Mapping[str, Any], periods: Mapping[str, Any]) -> Node:
    for key in ("all_of", "any_of"):
        if rule[key]:
            return _branch(key, tuple(_node(r, line, own, periods) for r in rule[key]))
    asked = fact(rule["fact"], **_arguments(rule, line, own, periods))
    if "is" in rule:
        return _leaf("is" if rule["is"] else "is_not", asked)
    test = next(key for key in ("at_least", "at_most", "below") if key in rule)
    return _leaf(test, asked, bound(line, rule[test]["bound"]))


@cache
def _branch(key: str, nodes: tuple[Node, ...]) -> Node:
    """Equal branches are one object, whichever protocol they stand in."""
    return AllOf(nodes) if key == "all_of" else AnyOf(nodes)


@cache
def _leaf(test: str, asked: Fact, bound_: Decimal | None = None) -> Node:
    if bound_ is None:
        return IsTrue(asked) if test == "is" else IsFalse(asked)
    nodes: Mapping[str, type[AtLeast | AtMost | Below]] = {"at_least": AtLeast, "at_most": AtMost, "below": Below}
    return nodes[test](asked, bound_)


def _arguments(
    rule: Mapping[str, Any], line: Mapping[str, Any], own: Mapping[str, Any], periods: Mapping[str, Any]
) -> dict[str, Any]:
    found = {key: _plain(value, own) for key, value in rule["with"].items()}
    for name in rule["bounds"]:
        value = bound(line, name)
        found[name] = value if name in ("systolic", "diastolic") else int(value)
    for argument, names in rule["pairs"].items():
        found[argument] = tuple((name, bound(line, name)) for name in names if name in line["bounds"])
    named = rule["period"] if isinstance(rule["period"], str) else line.get("valid_for") if rule["period"] else None
    if named:
        period = periods[named]
        found |= {f"valid_{unit}": period[unit] for unit in ("days", "minutes") if unit in period}
    return found


def _plain(value: Any, own: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return own[value[1:]]
    return tuple(value) if isinstance(value, list) else value


def bound(line: Mapping[str, Any], name: str) -> Decimal:
    """The number of a bound such as "140 mm[Hg]"."""
    return Decimal(line["bounds"][name].split(" ")[0])
