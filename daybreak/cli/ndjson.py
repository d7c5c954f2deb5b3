"""How is NDJSON read: line by line, strictly, in constant memory, with a sentence for every line that cannot be read?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3
LONGEST_LINE = 1_000_000
LINES_BETWEEN_NEWS = 100_000


class Unreadable(Exception):
    """A line or file that cannot be read: what it is and what was expected."""


class OtherEncoding(Unreadable):
    """Not UTF-8 from the first line on; there is no point in going on."""


def objects(file: str, answer: Callable[[Any], dict[str, Any]], *, command: str, expected: str) -> int:
    """Answer every line of a file ("-": standard input) with one line of JSON on standard output.

    `answer` may raise `Unreadable` with a sentence; `expected` says what stands on a line ("one JSON list").
    Returns 0, or 3 when something could not be read; the rest is done.
    """
    name = "standard input" if file == "-" else file
    try:
        if file == "-":
            return _each(sys.stdin.buffer, name, answer, command, expected)
        with open(file, "rb") as stream:
            return _each(stream, name, answer, command, expected)
    except BrokenPipeError:  # somebody stopped reading; no fault of the file
        raise
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        why = getattr(error, "strerror", None) or error
        return _problem(command, f"{name}: cannot be read ({why}); each line of a file is {expected}")


def _each(stream: BinaryIO, name: str, answer: Callable[[Any], dict[str, Any]], command: str, expected: str) -> int:
    code = DONE
    write = sys.stdout.write
    progress = sys.stderr.isatty() and not sys.stdout.isatty()
    encode = json.JSONEncoder(check_circular=False).encode
    for number, line in _lines(stream):
        try:
            text = _text(line, number)
            if text:
                result = answer(_value(text))
                result["line"] = number
                write(encode(result) + "\n")
        except Unreadable as error:
            code = _problem(command, f"{name}:{number}: {error}; expected {expected}")
            if isinstance(error, OtherEncoding):
                break
        if progress and number % LINES_BETWEEN_NEWS == 0:
            print(f"\r{number:,} lines", end="", file=sys.stderr)
    return code


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number, or None in place of one that is too long; that much in memory."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        too_long = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        while too_long and line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield number, None if too_long else line


def _text(line: bytes | None, number: int) -> str:
    """What stands on a line, without the white space around it."""
    if line is None:
        raise Unreadable(f"longer than {LONGEST_LINE} bytes")
    if number == 1:
        if line.startswith((b"\xff\xfe", b"\xfe\xff")) or line[:1] == b"\0" or line[1:2] == b"\0":
            raise OtherEncoding("this is UTF-16 or UTF-32; save the file as UTF-8 and try again")
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        return line.decode().strip(" \t\r\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from error


def _value(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON at character {error.pos + 1} ({error.msg})") from error
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except ValueError as error:  # a number with thousands of digits
        raise Unreadable("a number in it is too long to be an answer") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        left = dict.fromkeys(found, 1)
        twice = next(key for key, _ in pairs if not left.pop(key, 0))
        raise Unreadable(f"an object in it has the same key twice ({twice[:40]!r}); keep one of them")
    return found


def _constant(word: str) -> Any:
    raise Unreadable(f"{word} is not JSON; write null for what is not known")


def _problem(command: str, sentence: str) -> int:
    print(f"daybreak {command}: {sentence}", file=sys.stderr)
    return UNREADABLE_INPUT


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
