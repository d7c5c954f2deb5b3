"""What value do these bytes hold, and which parts of it can nobody rely on?

JSON allows what a record must not contain: a key that stands twice, a number of ten thousand digits, half a character.
Such a part becomes a `Flaw`, so that whoever needs it finds no value there; the rest can still be read.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from daybreak.clinical.answers import Reason

HALF_ESCAPED = re.compile(r"\\u[dD]")  # only an escape can bring half a character into UTF-8


@dataclass(frozen=True, slots=True)
class Flaw:
    """Stands where a value cannot be relied on; `why` says what was there."""

    why: Reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value and everything about it that cannot be relied on."""

    value: Any
    flaws: tuple[Reason, ...] = ()


class NotJson(Exception):
    """These bytes hold no JSON value; the reason says what was found and what to do."""

    def __init__(self, id: str, **values: Any) -> None:
        self.reason = Reason(id, values)
        super().__init__(id)


def parse(data: bytes) -> Parsed:
    """Read one JSON value in UTF-8 (a byte order mark is allowed). Raises `NotJson`."""
    text = _decoded(data)
    if not text or text.isspace():
        raise NotJson("fhir.file-empty")
    flaws: list[Reason] = []
    try:
        value = _decode(text, flaws, parse_int=None)
    except json.JSONDecodeError as error:
        raise NotJson("fhir.not-json", why=error.msg, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise NotJson("fhir.too-deep") from None
    except ValueError:  # Python refuses to make an integer of thousands of digits
        flaws.clear()
        value = _decode(text, flaws, parse_int=_int_or_flaw(flaws))
    if HALF_ESCAPED.search(text):
        value = _without_half_characters(value, flaws)
    return Parsed(value, tuple(flaws))


def _decoded(data: bytes) -> str:
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff") or data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        raise NotJson("fhir.utf-other")
    try:
        return data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise NotJson("fhir.not-utf", byte=f"0x{byte:02x}", position=error.start) from None


def _decode(text: str, flaws: list[Reason], *, parse_int: Callable[[str], Any] | None) -> Any:
    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) != len(given):
            for key in made:
                if sum(1 for k, _ in given if k == key) > 1:
                    made[key] = _flaw(flaws, "fhir.key-twice", key=json.dumps(key)[:60])
        return made

    def constant(name: str) -> Flaw:
        return _flaw(flaws, "fhir.no-number", given=name)

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=parse_int)


def _int_or_flaw(flaws: list[Reason]) -> Callable[[str], Any]:
    def read(digits: str) -> Any:
        try:
            return int(digits)
        except ValueError:
            return _flaw(flaws, "fhir.digits", count=len(digits.lstrip("-")))

    return read


def _flaw(flaws: list[Reason], id: str, **values: Any) -> Flaw:
    why = Reason(id, values)
    flaws.append(why)
    return Flaw(why)


def _without_half_characters(value: Any, flaws: list[Reason]) -> Any:
    """The same value with a flaw in place of every string that holds half of a surrogate pair."""
    root = [value]
    todo: list[Any] = [root]
    while todo:
        node = todo.pop()
        for key, child in list(node.items() if isinstance(node, dict) else enumerate(node)):
            if isinstance(key, str) and not _whole(key):
                del node[key]
                _flaw(flaws, "fhir.half-name")
            elif isinstance(child, str) and not _whole(child):
                node[key] = _flaw(flaws, "fhir.half-text")
            elif isinstance(child, dict | list):
                todo.append(child)
    return root[0]


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
