"""What does a protocol say at one site, with the site's own stricter policy laid over it?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from daybreak.clinical.answers import Reason
from daybreak.clinical.screening.judge import Protocol
from daybreak.knowledge.overlay import Policy, TooLoose, laid_over
from daybreak.knowledge.protocols import in_force, protocol
from daybreak.knowledge.store import digest_of
from daybreak.knowledge.validate import Invalid
from daybreak.web.protocols import reading
from daybreak.web.protocols.models import Stricter

SOURCE = "clinic-policy"


@dataclass(frozen=True, slots=True)
class Here:
    """A protocol as it holds at a site. `stricter` are the lines of its policy.

    `unfit`: the policy no longer fits the protocol, which has changed since. It then stands here without it, for reading
    only; `reasons` say what would be looser, as far as they can be said.
    """

    protocol: Protocol
    stricter: tuple[Stricter, ...] = ()
    unfit: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def overlay_digest(self) -> str | None:
        """The digest of the site's policy; None when there is none."""
        return digest_of([json.loads(row.line) for row in self.stricter]) if self.stricter else None

    def line(self, criterion: str, when: str) -> Stricter | None:
        """What the site itself asks for in that criterion."""
        return next((row for row in self.stricter if (row.criterion, row.when) == (criterion, when)), None)


def lines_of(site_ids: Iterable[UUID]) -> dict[tuple[UUID, str], list[Stricter]]:
    """What sites ask for themselves, by site and protocol."""
    rows = Stricter.objects.filter(site__in=list(site_ids), replaced_by__isnull=True).exclude(line="")
    found: dict[tuple[UUID, str], list[Stricter]] = {}
    for row in rows.select_related("by", "site").order_by("criterion", "when"):
        found.setdefault((row.site_id, row.protocol), []).append(row)
    return found


def here(id_: str, rows: Sequence[Stricter], *, as_of: date) -> Here:
    """The protocol with those lines over it. Raises `UnknownProtocol` and `NotInForce`."""
    if not rows:
        return Here(protocol(id_, as_of=as_of))
    try:
        return Here(protocol(id_, as_of=as_of, overlay=_policy(id_, rows)), tuple(rows))
    except TooLoose as error:
        reasons = tuple(error.reasons)
    except Invalid:
        reasons = ()
    return Here(protocol(id_, as_of=as_of), tuple(rows), unfit=True, reasons=reasons)


def lines(id_: str, rows: Sequence[Stricter], *, as_of: date) -> list[dict[str, Any]]:
    """The criteria in force on that day, the site's own lines among them, as plain data. Without those that do not fit."""
    plain = [(line, id_) for line in reading.file(id_)["criteria"]]
    try:
        found = laid_over(plain, _policy(id_, rows), protocol=id_, as_of=as_of) if rows else plain
    except Invalid:
        found = plain
    return [dict(line) for line, _ in found if in_force(line, as_of)]


def base(id_: str, criterion: str, when: str, *, as_of: date) -> Mapping[str, Any] | None:
    """The protocol's own line in force on that day, before any policy."""
    found = reading.lines(id_, as_of=as_of)
    return next((line for line in found if (line["criterion"], line["when"]) == (criterion, when)), None)


def same(line: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do both ask for the same, whoever asks?"""
    return all(line.get(part) == other.get(part) for part in ("strength", "override", "bounds", "valid_for", "with"))


def addable(id_: str, *, as_of: date) -> dict[str, Mapping[str, Any]]:
    """The criteria that a site may add: those that other protocols ask for, with their numbers as a beginning."""
    there = {line["criterion"] for line in reading.lines(id_, as_of=as_of)}
    found: dict[str, Mapping[str, Any]] = {}
    for other in reading.files():
        for line in other["criteria"]:
            usable = (
                in_force(line, as_of) and line["when"] == "screening" and not (line.get("from") or line.get("until"))
            )
            if usable and line["criterion"] not in there:
                found.setdefault(line["criterion"], line)
    return found


def _policy(id_: str, rows: Sequence[Stricter]) -> Policy:
    return Policy("policy", _written(id_, tuple(row.line for row in rows)))


@lru_cache(maxsize=256)
def _written(id_: str, found: tuple[str, ...]) -> bytes:
    """The lines as an overlay in the shape that the knowledge reads."""
    over = reading.file(id_)
    head = {
        "id": SOURCE,
        "title": over["title"],
        "about": over["about"],
        "product": over["product"],
        "route": over["route"],
        "source": {"id": SOURCE, "where": "site"},
        "standing": "local_policy",
        "over": id_,
    }
    return json.dumps(head | {"criteria": [json.loads(line) for line in found]}).encode()
