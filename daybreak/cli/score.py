"""Score answers to a rating scale.

Each line of FILE (or of standard input) is the JSON list of arguments for one form: the list of its answers, null for
a blank, and what else the scale asks for. Each readable line gives one line of JSON with its line number in `line`.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any, BinaryIO

from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge.scales import UnknownScale, scale

EXAMPLE = """example:
  echo '[[1, 2, 0, 1, null, 0, 1, 0, 0]]' | daybreak score phq-9
  echo '[[1, 1, 1], "female"]'            | daybreak score audit-c
  echo '[true, true, false, false, false, false, null]' | daybreak score c-ssrs-screen

Answers that do not fit the scale are results (status "invalid", exit code 0). A line that is not JSON is named on
standard error; the other lines are still scored and the exit code is 3."""

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3
LONGEST_LINE = 1_000_000
LINES_BETWEEN_NEWS = 100_000
EXPECTED = "expected one JSON list of arguments, such as [[0, 1, 2]]"


class Unreadable(Exception):
    """A line or file that cannot be read: what it is and what was expected."""


class OtherEncoding(Unreadable):
    """Not UTF-8 from the first line on; there is no point in going on."""


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak score` takes."""
    parser.add_argument("scale", metavar="SCALE", help="id of the scale, such as phq-9; a wrong one lists them all")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="NDJSON file; - or nothing: standard input"
    )


def run(args: Namespace) -> int:
    """Score every line. 0: all were read; 2: no such scale; 3: something could not be read, the rest was done."""
    try:
        wanted = scorer(scale(args.scale))
    except UnknownScale as error:
        print(f"daybreak score: {error}", file=sys.stderr)
        return WRONG_USAGE
    name = "standard input" if args.file == "-" else args.file
    try:
        if args.file == "-":
            return _score(sys.stdin.buffer, name, wanted)
        with open(args.file, "rb") as stream:
            return _score(stream, name, wanted)
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        if isinstance(error, BrokenPipeError):  # somebody stopped reading; no fault of the file
            raise
        why = getattr(error, "strerror", None) or error
        return _problem(f"{name}: cannot be read ({why}); each line of a file is {EXPECTED.removeprefix('expected ')}")


def _score(stream: BinaryIO, name: str, wanted: Any) -> int:
    code = DONE
    write = sys.stdout.write
    progress = sys.stderr.isatty() and not sys.stdout.isatty()
    encode = json.JSONEncoder(check_circular=False).encode
    decode = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant).decode
    for number, line in _lines(stream):
        try:
            if line is None:
                raise Unreadable(f"longer than {LONGEST_LINE} bytes; {EXPECTED}")
            given = _read(line, number, decode)
        except Unreadable as error:
            code = _problem(f"{name}:{number}: {error}")
            if isinstance(error, OtherEncoding):
                break
            continue
        if given is None:
            continue
        result = wanted(given)
        result["line"] = number
        write(encode(result) + "\n")
        if progress and number % LINES_BETWEEN_NEWS == 0:
            print(f"\r{number:,} lines", end="", file=sys.stderr)
    return code


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number, or None in place of one that is too long to be an answer; that much in memory."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        too_long = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        while too_long and line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield number, None if too_long else line


def _read(line: bytes, number: int, decode: Any) -> list[Any] | None:
    """The arguments on a line, None for an empty line."""
    if number == 1:
        if line.startswith((b"\xff\xfe", b"\xfe\xff")) or line[:1] == b"\0" or line[1:2] == b"\0":
            raise OtherEncoding("this is UTF-16 or UTF-32; save the file as UTF-8 and try again")
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        text = line.decode().strip(" \t\r\n")
        if not text:
            return None
        value = decode(text)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON at character {error.pos + 1} ({error.msg}); {EXPECTED}") from error
    except RecursionError as error:
        raise Unreadable(f"nested too deeply; {EXPECTED}") from error
    except ValueError as error:  # a number with thousands of digits
        raise Unreadable(f"a number in it is too long to be an answer; {EXPECTED}") from error
    if type(value) is not list:
        raise Unreadable(f"JSON, but not a list; {EXPECTED}")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable(f"an object in it has the same key twice; {EXPECTED}")
    return found


def _constant(word: str) -> Any:
    raise Unreadable(f"{word} is not JSON; write null for a blank")


def _problem(sentence: str) -> int:
    print(f"daybreak score: {sentence}", file=sys.stderr)
    return UNREADABLE_INPUT
