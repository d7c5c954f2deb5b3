"""How is NDJSON read: line by line, strictly, in constant memory, with a sentence for every line that cannot be read?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3
LONGEST_LINE = 1_000_000


class Unreadable(Exception):
    """A line or file that cannot be read: what it is and what was expected."""


def objects(
    file: str, answer: Callable[[Any], Any], *, command: str, misread: type[Exception], expected: str = "one JSON value"
) -> int:
    """Answer every line of a file ("-": standard input) with one line of JSON on standard output.

    `answer` may raise `misread` with a sentence. Returns 0, or 3 when something could not be read; the rest is done.
    """
    name = "standard input" if file == "-" else file

    def problem(sentence: str) -> int:
        print(f"daybreak {command}: {sentence}", file=sys.stderr)
        return UNREADABLE_INPUT

    def each(stream: BinaryIO) -> int:
        code = DONE
        write = sys.stdout.write
        encode = json.JSONEncoder(check_circular=False).encode
        for number, line in _lines(stream):
            try:
                given, there = _read(line, number, expected)
                if there:
                    result = answer(given)
                    result["line"] = number
                    write(encode(result) + "\n")
            except (Unreadable, misread) as error:
                code = problem(f"{name}:{number}: {error}")
                if number == 1 and line is not None and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    return code  # every other line would say the same
        return code

    try:
        if file == "-":
            return each(sys.stdin.buffer)
        with open(file, "rb") as stream:
            return each(stream)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        why = getattr(error, "strerror", None) or error
        return problem(f"{name}: cannot be read ({why}); expected a file with {expected} on each line")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number, or None in place of one that is too long; that much in memory."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        too_long = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        while too_long and line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield number, None if too_long else line


def _read(line: bytes | None, number: int, expected: str) -> tuple[Any, bool]:
    """The value on a line, and whether there is one (an empty line has none)."""
    if line is None:
        raise Unreadable(f"longer than {LONGEST_LINE} bytes; expected {expected}")
    if number == 1:
        if line.startswith((b"\xff\xfe", b"\xfe\xff")) or line[:1] == b"\0" or line[1:2] == b"\0":
            raise Unreadable("this is UTF-16 or UTF-32; save the file as UTF-8 and try again")
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        text = line.decode().strip(" \t\r\n")
        return (_DECODER.decode(text), True) if text else (None, False)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON at character {error.pos + 1} ({error.msg}); expected {expected}") from error
    except RecursionError as error:
        raise Unreadable(f"nested too deeply; expected {expected}") from error
    except ValueError as error:  # a number with thousands of digits
        raise Unreadable(f"a number in it is too long; expected {expected}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(f"the key {twice[:40]!r} stands twice in one object; keep one of them")
    return found


def _constant(word: str) -> Any:
    raise Unreadable(f"{word} is not JSON; write null for what is not known")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
