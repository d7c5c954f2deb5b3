"""Check, list, show or compare the facts that Daybreak decides with."""

from __future__ import annotations

import json
import sys
import textwrap
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from daybreak.knowledge.check import coverage, facts, problems_of
from daybreak.knowledge.store import ROOT, SECTIONS, load
from daybreak.knowledge.validate import Invalid

EXAMPLE = """examples:
  daybreak knowledge check
  daybreak knowledge list protocols
  daybreak knowledge show esketamine-nasal-us
  daybreak knowledge show atrq
  daybreak knowledge diff /path/to/old/knowledge /path/to/new/knowledge"""

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak knowledge` takes."""
    actions = parser.add_subparsers(dest="action", metavar="check|list|show|diff", required=True)
    one = actions.add_parser("check", help="every problem of every file, then the facts by standing")
    one.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=ROOT, help="another knowledge folder")
    one = actions.add_parser("list", help="the ids of a section, or of all")
    one.add_argument("section", metavar="SECTION", nargs="?", choices=list(SECTIONS))
    one.add_argument("--folder", metavar="FOLDER", type=Path, default=ROOT)
    one = actions.add_parser("show", help="a fact with value, dates and source")
    one.add_argument("id", metavar="ID", help="an id, or a place such as medicines/antidepressants/sertraline")
    one.add_argument("--folder", metavar="FOLDER", type=Path, default=ROOT)
    one = actions.add_parser("diff", help="what changed between two knowledge folders")
    one.add_argument("old", metavar="OLD", type=Path)
    one.add_argument("new", metavar="NEW", type=Path)


def run(args: Namespace) -> int:
    """0: done, nothing wrong; 2: no such id; 3: a file is not valid or not readable."""
    for folder in (getattr(args, key, None) for key in ("folder", "old", "new")):
        if folder is not None and not folder.is_dir():
            print(f"daybreak knowledge: {folder}: not a folder; expected a knowledge folder", file=sys.stderr)
            return UNREADABLE_INPUT
    try:
        return {"check": _check, "list": _list, "show": _show, "diff": _diff}[args.action](args)
    except Invalid as error:
        return _say(error.problems)


def _say(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return UNREADABLE_INPUT


def _check(args: Namespace) -> int:
    if found := problems_of(args.folder):
        code = _say(found)
        print(f"{len(found)} problem{'s' if len(found) > 1 else ''}", file=sys.stderr)
        return code
    counts = coverage(args.folder)
    total = sum(counts.values())
    print(f"{total} facts, {total} with a source (a file with a fact without one does not load)")
    for standing, n in counts.most_common():
        print(f"  {standing:<13} {n:>5}  {n / total:4.0%}")
    return DONE


def _list(args: Namespace) -> int:
    for section in [args.section] if args.section else SECTIONS:
        for place, _ in _entries(section, args.folder):
            print(place)
    return DONE


def _entries(section: str, root: Path) -> list[tuple[str, Any]]:
    """What a section lists: its files, or the things with an id inside them."""
    found: list[tuple[str, Any]] = []
    for stem, data in load(section, root).items():
        inside = [
            (f"{section}/{stem}/{x['id']}", x)
            for values in data.values()
            if isinstance(values, list)
            for x in values
            if isinstance(x, dict) and "id" in x
        ]
        found += inside if inside and "id" not in data else [(f"{section}/{stem}", data)]
    return found


def _show(args: Namespace) -> int:
    found = [
        (place, data)
        for section in SECTIONS
        for place, data in [*_entries(section, args.folder), *_files(section, args.folder)]
        if args.id in (place, place.rpartition("/")[2])
    ]
    if not found:
        print(
            f"daybreak knowledge: nothing is called '{args.id}'; `daybreak knowledge list` shows all names",
            file=sys.stderr,
        )
        return WRONG_USAGE
    for place, data in dict(found).items():
        print(place)
        print(textwrap.indent(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110), "  "))
    return DONE


def _files(section: str, root: Path) -> list[tuple[str, Any]]:
    return [(f"{section}/{stem}", data) for stem, data in load(section, root).items()]


def _diff(args: Namespace) -> int:
    old, new = (dict(facts(root)) for root in (args.old, args.new))
    for place in sorted(old.keys() | new.keys()):
        if place not in new:
            print(f"- {place}")
        elif place not in old:
            print(f"+ {place}")
        elif changes := list(_changes(old[place], new[place])):
            print(f"~ {place}", *changes, sep="\n    ")
    return DONE


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was != now and not _holds_facts(was) and not _holds_facts(now):
            yield f"{key}: {json.dumps(was, ensure_ascii=False)} -> {json.dumps(now, ensure_ascii=False)}"


def _holds_facts(value: Any) -> bool:
    """Such a value is compared fact by fact, not as a whole."""
    return isinstance(value, list) and any(isinstance(x, dict) and "standing" in x for x in value)
