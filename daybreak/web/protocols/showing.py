"""How do protocols, their adoption at sites and what differs read in the reader's language?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import get_language

from daybreak.knowledge.protocols import UNDATED, NotInForce
from daybreak.knowledge.sentences import Language, language
from daybreak.web import zones
from daybreak.web.people.models import Site
from daybreak.web.protocols import grounds, policies, queries, reading
from daybreak.web.protocols.models import ADOPTED, Adoption, Stricter
from daybreak.web.words import known, word

WORDS = {
    "strength": "protocols.strength",
    "override": "protocols.override",
    "bounds": "protocols.bounds",
    "valid_for": "protocols.valid_for",
    "with": "protocols.with",
    "standing": "protocols.standing",
    "source": "protocols.source",
    "screening": "protocols.screening",
    "before_each_dose": "protocols.before_each_dose",
    "added": "protocols.added",
    "removed": "protocols.removed",
    "changed": "protocols.changed",
}


RESTS_ON = {
    "conditions": "protocols.ground_conditions",
    "medicines": "protocols.ground_medicines",
    "observations": "protocols.ground_observations",
    "reviews": "protocols.ground_reviews",
    "trial_rules": "protocols.ground_trial_rules",
    "dose_tables": "protocols.ground_dose_tables",
    "staging": "protocols.ground_staging",
    "criteria": "protocols.ground_criteria",
    "periods": "protocols.ground_periods",
    "protocols": "protocols.ground_protocols",
}


def spoken() -> Language:
    """The knowledge's words in the language of the page."""
    return language(known(get_language()))


class Asked(NamedTuple):
    """What sites ask for themselves and adopted last, by site and protocol: asked once for all protocols of a page."""

    stricter: dict[tuple[UUID, str], list[Stricter]]
    newest: dict[tuple[UUID, str], Adoption]


def ask(sites: Sequence[Site]) -> Asked:
    """Of these sites."""
    ids = [site.id for site in sites]
    return Asked(policies.lines_of(ids), queries.newest(ids))


def at_sites(id: str, sites: Sequence[Site], *, at: datetime, asked: Asked | None = None) -> dict[str, Any]:
    """The protocol at each of the sites, as it holds on the day that it is there: its wording, who adopted it, what differs
    since, and the site's policy. A site where it is not in force yet is left out; `version` is that of the page's own day.
    """
    more, last = asked or ask(sites)
    found = []
    for site in sites:
        day = zones.day(at, site.zone)
        with suppress(NotInForce):
            here = policies.here(id, more.get((site.id, id), []), as_of=day)
            found.append(at_site(id, site, here, last.get((site.id, id)), day))
    return {"version": _version(id, day=zones.today(at)), "sites": found}


def _version(id: str, *, day: date) -> str:
    try:
        return dated(policies.here(id, (), as_of=day).protocol.version)
    except NotInForce:
        return word("protocols.not_in_force", get_language())


def dated(version: str) -> str:
    """A version in words, also where it bears no date."""
    return version if version != UNDATED else spoken().word("board.undated")


def at_site(id: str, site: Site, here: policies.Here, row: Adoption | None, day: date) -> dict[str, Any]:
    """What a reader at that site has to know: nothing adopted yet, the same as adopted, or what has changed since."""
    said = spoken()
    holds = queries.in_force(row, digest=here.protocol.digest) is not None and not here.unfit
    differs = row is not None and not holds
    lines = policies.lines(id, here.stricter, as_of=day)
    changes = reading.changes(json.loads(row.lines), lines) if row else []
    since = row.ground_id if row and row.digest != here.protocol.digest else None
    moved = grounds.moved(since, protocol=id, criteria={line["criterion"] for line in lines})
    found: dict[str, Any] = {
        "site": site,
        "row": row,
        "on": zones.day(row.created, site.zone).isoformat() if row else "",
        "version": dated(here.protocol.version),
        "holds": holds,
        "adopted": row is not None and row.kind == ADOPTED,
        "outdated": row is not None and row.kind == ADOPTED and not holds,
        "differs": differs and row is not None and row.digest != here.protocol.digest,
        "ground_unkept": differs and row is not None and row.ground_id is None and row.digest != here.protocol.digest,
        "changes": told(changes, said) + [_moved(one, said) for one in moved],
        "digest": here.protocol.digest,
        "unfit": here.unfit,
        "reasons": [said.say(reason) for reason in here.reasons],
        "stricter": [stricter(one, said) for one in here.stricter],
    }
    return found | {"alone": [found]}


def stricter(row: Stricter, said: Language) -> dict[str, Any]:
    """One line of a site's policy: what it asks for, since when, by whom and why."""
    line = json.loads(row.line)
    return {
        "row": row,
        "criterion": row.criterion,
        "when": row.when,
        "title": said.word(f"criterion.{row.criterion}"),
        "when_said": word(WORDS[row.when], get_language()),
        "asks": asks(line, said),
        "on": zones.day(row.created, row.site.zone).isoformat(),
        "name": row.by.display_name,
        "reason": row.reason,
    }


def asks(line: Mapping[str, Any], said: Language) -> str:
    """What a line asks for, in a few words."""
    parts = [said.word(f"strength.{line['strength']}"), said.word(f"override.{line['override']}"), bounds(line, said)]
    return " · ".join(part for part in (*parts, reading.said(line, "valid_for")) if part and part != "–")


def bounds(line: Mapping[str, Any], said: Language) -> str:
    """The numbers of a line, each with its name."""
    return ", ".join(f"{said.word(f'bound.{name}')} {value}" for name, value in line.get("bounds", {}).items())


def told(changes: Sequence[reading.Change], said: Language) -> list[dict[str, Any]]:
    """What differs, criterion by criterion."""
    lang = get_language()
    words = {part: word(WORDS[part], lang) for part in reading.COMPARED}
    return [
        {
            "title": said.word(f"criterion.{c.criterion}"),
            "when": word(WORDS[c.when], lang),
            "what": word(WORDS[c.what], lang),
            "parts": [(words[p], _word(said, p, old), _word(said, p, new)) for p, old, new in c.parts],
        }
        for c in changes
    ]


def _moved(one: grounds.Moved, said: Language) -> dict[str, Any]:
    """The same of what a protocol rests on: its list, then the entry as the knowledge names it."""
    lang = get_language()
    title = said.word(f"criterion.{one.name}") if one.section == "criteria" else one.title.get(known(lang), "")
    return {
        "title": f"{title} ({one.name})" if title else one.name,
        "when": word(RESTS_ON[one.section], lang),
        "what": word(WORDS[one.what], lang),
        "parts": one.parts,
    }


def _word(said: Language, part: str, value: str) -> str:
    """Strength, override, standing and the names of numbers have words; the rest is as it stands in the file."""
    if value == "–":
        return value
    if part == "bounds":
        named = (bound.partition(" ") for bound in value.split(", "))
        return ", ".join(f"{said.word(f'bound.{name}')} {quantity}" for name, _, quantity in named)
    return said.word(f"{part}.{value}") if part in ("strength", "override", "standing") else value


def groups(lines: Sequence[Mapping[str, Any]], said: Language) -> list[tuple[str, list[dict[str, Any]]]]:
    """The criteria of a protocol by the moment at which they decide."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = {
            "title": said.word(f"criterion.{line['criterion']}"),
            "where": line["source"]["where"],
            "source": reading.sources()[line["source"]["id"]],
            "bounds": bounds(line, said),
            "valid_for": reading.period(line["valid_for"]) if "valid_for" in line else "",
            **{part: said.word(f"{part}.{line[part]}") for part in ("strength", "override", "standing")},
        }
        rows.setdefault(line["when"], []).append(row)
    return [(word(WORDS[when], get_language()), found) for when, found in rows.items()]


def pick(sites: Sequence[Site], asked: str | None) -> Site | None:
    """The site of that id among these; without an id the only one."""
    if not asked:
        return sites[0] if len(sites) == 1 else None
    return next((site for site in sites if site.id == _uuid(asked)), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
