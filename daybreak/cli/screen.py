"""Read FHIR R4 records and decide about TRD and treatment.

PATH is a bundle file, a folder of bundle files, or a folder of bulk NDJSON files. Each patient is decided by every
protocol, or by those named with --protocol.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from daybreak.cli.board import board
from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.claims import charted
from daybreak.clinical.screening.judge import Protocol, decide
from daybreak.clinical.screening.resistance import staged
from daybreak.clinical.screening.risk import notes
from daybreak.clinical.screening.view import View
from daybreak.exchange.beside import beside_json
from daybreak.exchange.decision import decision_json
from daybreak.exchange.fhir import read
from daybreak.knowledge.prompts import prompts
from daybreak.knowledge.protocols import NotInForce, UnknownProtocol, payer, payer_ids, protocol, protocol_ids
from daybreak.knowledge.rules import claims_rules, default_rules, models, words
from daybreak.knowledge.sentences import LANGUAGES, Language, language
from daybreak.knowledge.terms import terms
from daybreak.knowledge.validate import Invalid

EXAMPLE = """examples:
  daybreak screen patient.json
  daybreak screen records/ --protocol esketamine-nasal-us --as-of 2026-01-10 --format json --out decisions.ndjson

A finding is "met" when there is no obstacle, "not_met" when there is one, "unknown" when the record cannot tell.
Exit code 3: something could not be read (one line each on standard error); the rest is decided."""

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak screen` takes."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="bundle file, folder, or bulk NDJSON folder"
    )
    parser.add_argument(
        "--protocol", metavar="ID", action="append", dest="protocols", help="may be repeated; without it: all of them"
    )
    parser.add_argument(
        "--as-of", metavar="DATE", type=moment, help="2026-01-10, or an instant 2026-01-10T09:00Z; default today (UTC)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the sentences")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write there instead of standard output")
    parser.add_argument(
        "--policy", metavar="FILE", type=Path, help="a clinic's own stricter policy (YAML) over a protocol"
    )


def moment(text: str) -> AsOf:
    """A date, or an instant with its time zone. Raises `ArgumentTypeError`."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return AsOf(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is no date; write 2026-01-10, or 2026-01-10T09:00Z") from None
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"'{text}' has no time zone; write it with one, such as 2026-01-10T09:00Z")
    instant = instant.astimezone(UTC)
    return AsOf(instant.date(), instant)


def run(args: Namespace) -> int:
    """Screen every path. 0: all was read; 2: wrong usage; 3: something could not be read, the rest was done."""
    as_of = args.as_of or AsOf(datetime.now(UTC).date())
    try:
        chosen, code = _protocols(args, as_of)
    except (UnknownProtocol, Invalid, OSError) as error:
        print(f"daybreak screen: {error}", file=sys.stderr)
        return WRONG_USAGE
    payers = [payer(id_, as_of=as_of.day) for id_ in payer_ids()]
    said = language(args.lang)
    try:
        with _written(args.out) as out:
            for found in read(args.paths, terms=terms()):
                if not isinstance(found, Chart):
                    code = _problem(found.place, said.say(found.reason))
                    continue
                for problem in found.problems:
                    code = _problem(problem.place, said.say(problem.reason))
                if args.format == "json":
                    _lines(found, chosen, payers, as_of, said, out)
                elif chosen:
                    out.write(board(found, chosen, payers=payers, as_of=as_of, language=said))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"daybreak screen: {args.out}: cannot be written ({error.strerror})", file=sys.stderr)
        return UNREADABLE_INPUT
    return code


def _protocols(args: Namespace, as_of: AsOf) -> tuple[list[Protocol], int]:
    chosen, code = [], DONE
    policy = None
    if args.policy:
        from daybreak.knowledge.overlay import policy_file  # only here: a start without a policy does without it

        policy = policy_file(args.policy)
    for id_ in dict.fromkeys(args.protocols or protocol_ids()):
        try:
            chosen.append(protocol(id_, as_of=as_of.day, overlay=policy))
        except NotInForce as error:
            code = _problem("--protocol", f"{error}; choose a later --as-of or another protocol")
    return chosen, code


def _lines(
    chart: Chart, protocols: list[Protocol], payers: list[Protocol], as_of: AsOf, said: Language, out: TextIO
) -> None:
    view = View(chart, as_of, words())
    beside = beside_json(
        staged(view, models(), default_rules().id),
        {id_: charted(view, rule=rule) for id_, rule in claims_rules().items()},
        notes(view, prompts()),
        [decide(view, p) for p in payers],
        language=said,
    )
    for one in protocols:
        line = decision_json(decide(view, one), chart, as_of=as_of, language=said) | beside
        out.write(_printable(json.dumps(line, ensure_ascii=False)) + "\n")


def _printable(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8: those lines go out with escapes."""
    return text if text.isascii() or not _LONE.search(text) else json.dumps(json.loads(text))


_LONE = re.compile("[\ud800-\udfff]")


def _problem(place: str, text: str) -> int:
    line = f"daybreak screen: {place}: {text}"
    print(line.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    return UNREADABLE_INPUT


@contextmanager
def _written(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole or not at all."""
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        return
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as temporary:
        try:
            yield temporary  # type: ignore[misc]
        except BaseException:
            os.unlink(temporary.name)
            raise
    os.chmod(temporary.name, 0o600)  # it holds patients
    os.replace(temporary.name, path)
