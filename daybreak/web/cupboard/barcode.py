"""What did a reader of barcodes type: the number of a lot alone, or the whole code of a carton (GS1) that holds it?

A carton's code is a row of parts, each begun by two digits: 01 the article (14 digits), 17 the last day of use (YYMMDD, day 00:
the last of its month), 10 the lot, 21 the serial number. The last two end with a separator or with the code.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from daybreak.web.refusals import Refused

LONGEST = 120
SEPARATORS = "\x1d|"  # as the standard has it, and as readers are often set to type it
_ARTICLE = re.compile(r"01\d{14}(?=\d{2})")
_PREFIX = re.compile(r"^\](?:d2|C1|Q3)")  # what some readers type before it: which sort of code it was
_PARTS = re.compile(
    r"(?:01\d{14}|17(?P<day>\d{6}))[\x1d|]*|(?:10(?P<lot>[^\x1d|]{1,20})|21(?P<serial>[^\x1d|]{1,20}))(?:[\x1d|]+|$)"
)
CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Scanned:
    """The number of the lot; the last day of use and the serial number when the code says them."""

    number: str
    expires: date | None = None
    serial: str = ""


def read(typed: str) -> Scanned:
    """Refused when it is a carton's code of which some part cannot be read: a lot is never guessed."""
    if len(typed) > LONGEST:
        raise Refused("cupboard.scan_unread", in_field="number")
    text = _PREFIX.sub("", typed.strip(SEPARATORS + " "))
    if not _ARTICLE.match(text):
        return Scanned(text)
    number, serial, expires, at = "", "", None, 0
    while at < len(text):
        part = _PARTS.match(text, at)
        if part is None:
            raise Refused("cupboard.scan_unread", in_field="number")
        number, serial = part["lot"] or number, part["serial"] or serial
        expires = _day(part["day"]) if part["day"] else expires
        at = part.end()
    if not number:
        raise Refused("cupboard.scan_unread", in_field="number")
    return Scanned(number, expires, serial)


def _day(digits: str) -> date:
    year, month, day = CENTURY + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise Refused("cupboard.scan_unread", in_field="number") from None
