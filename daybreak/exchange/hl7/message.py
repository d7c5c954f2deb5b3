"""Which segments, fields and components has an HL7 v2 message?

Tolerant where devices differ (line ends, missing fields, odd separators), and never more than that: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

LINES = re.compile(r"[\r\n]+")
LONGEST_CODE = 200  # letters of a field that are remembered
NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
USUAL = frozenset({"MSH", "PID", "PV1", "OBR", "OBX"})
ESCAPED = {"F": "field", "S": "component", "T": "part", "R": "repetition", "E": "escape"}
# As HL7 writes the sets of characters, as far as they keep ASCII as it is; in any other there is no MSH to be found.
CHARSETS = {
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "8859/1": "latin-1",
    "8859/15": "iso8859-15",
    "GB 18030-2000": "gb18030",
}

Meant = TypeVar("Meant")


class Why(StrEnum):
    """Why a message cannot be read."""

    NO_HEADER = "no_header"
    SEPARATORS = "separators"
    TWO_MESSAGES = "two_messages"
    KIND = "kind"
    TOO_MUCH = "too_much"


class Unreadable(Exception):
    """The one exception of this package. It says why, and never what stands in the message."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Separators(NamedTuple):
    """The characters that part a message, as its header names them. (Tuples, as segments are: thousands come in a second.)"""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    part: str = "&"


class Segment(NamedTuple):
    """One line. `fields[n]` is field n as the standard counts it; the first is the name."""

    name: str
    fields: Sequence[str]
    by: Separators

    def field(self, n: int) -> str:
        """The field as it came, all repetitions of it; empty when it is not there."""
        return self.fields[n] if n < len(self.fields) else ""

    def repeated(self, n: int) -> list[list[str]]:
        """The components of each repetition of a field, readable."""
        return [self._components(one) for one in self.field(n).split(self.by.repetition)]

    def components(self, n: int) -> list[str]:
        """The components of the first repetition, readable."""
        return self._components(self.field(n).partition(self.by.repetition)[0])

    def coded(self, n: int, meant: Callable[[Sequence[str]], Meant]) -> Meant:
        """What a field that is a code means, by its components. Every message says the same ones: it is remembered."""
        text = self.fields[n] if n < len(self.fields) else ""
        return _meaning(text, self.by, meant) if len(text) <= LONGEST_CODE else meant(self.components(n))

    def text(self, n: int, component: int = 1) -> str:
        """One component of the first repetition, without spaces around it; empty when it is not there."""
        text = self.fields[n] if n < len(self.fields) else ""
        if not text:
            return ""
        by = self.by
        if by.component not in text and by.repetition not in text and by.escape not in text:
            return text.strip() if component == 1 else ""
        found = self.components(n)
        return found[component - 1] if component <= len(found) else ""

    def _components(self, text: str) -> list[str]:
        parts = text.split(self.by.component)
        if self.by.escape in text:
            parts = [unescaped(one, self.by) for one in parts]
        return [one.strip() for one in parts]


@lru_cache(maxsize=1024)
def _meaning(text: str, by: Separators, meant: Callable[[Sequence[str]], Meant]) -> Meant:
    return meant(Segment("", (text,), by).components(0))


def split(message: bytes) -> list[Segment]:
    """The segments in their order, the header first. Raises `Unreadable`."""
    text = _decoded(message)
    if not text.startswith("MSH") or len(text) < 5:
        raise Unreadable(Why.NO_HEADER)
    by = _separators(text[:12])
    found: list[Segment] = []
    for line in text.replace("\n", "\r").split("\r"):
        fields = line.split(by.field)
        name = fields[0]
        if name not in USUAL and not NAME.fullmatch(name):
            continue  # what is left of a line that was broken in two; a value that lost its unit so has none
        if name == "MSH":
            if found:
                raise Unreadable(Why.TWO_MESSAGES)
            fields[1:1] = by.field
        found.append(Segment(name, fields, by))
    return found


def unescaped(text: str, by: Separators) -> str:
    """The text with its escapes resolved; one that nobody knows stays as it is."""
    if by.escape not in text:
        return text
    parts = text.split(by.escape)
    found, n = [parts[0]], 1
    while n < len(parts):
        if n + 1 < len(parts) and (meant := _meant(parts[n], by)) is not None:
            found += [meant, parts[n + 1]]
            n += 2
        else:
            found += [by.escape, parts[n]]
            n += 1
    return "".join(found)


def _meant(code: str, by: Separators) -> str | None:
    if code in ESCAPED:
        return str(getattr(by, ESCAPED[code]))
    if code.startswith("X") and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", code[1:]):
        return bytes.fromhex(code[1:]).decode("latin-1")
    return "\n" if code == ".br" else None


@lru_cache(maxsize=256)
def _separators(header: str) -> Separators:
    """By the beginning of the header: five characters, or fewer, and the rest is as usual. A letter or a digit parts nothing, and
    no two are the same."""
    field = header[3]
    named = header[4:].partition(field)[0][:4]
    usual = Separators()
    rest = (usual.component, usual.repetition, usual.escape, usual.part)[len(named) :]
    all_ = (field, *named, *rest)
    if len(set(all_)) < len(all_) or any(one.isalnum() or one.isspace() or not one.isprintable() for one in all_):
        raise Unreadable(Why.SEPARATORS)
    return Separators(*all_)


def _decoded(message: bytes) -> str:
    """As its header says it is written; else each byte as a character, which leaves numbers and codes as they are."""
    plain = message.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\x00").decode("latin-1")
    if plain.isascii():
        return plain
    header = LINES.split(plain, maxsplit=1)[0]
    fields = header.split(header[3]) if len(header) > 3 else []
    named = fields[17].partition("~")[0].strip() if len(fields) > 17 else ""
    codec = CHARSETS.get(named.upper())
    if codec is None:
        return plain
    try:
        return plain.encode("latin-1").decode(codec)
    except UnicodeDecodeError:
        return plain
