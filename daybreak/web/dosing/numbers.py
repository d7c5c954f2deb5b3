"""Which number stands in a field, and is it one that can only be read in one way?"""

from __future__ import annotations

import re
from decimal import Decimal

from daybreak.web.refusals import Refused

# 1,000 is one or a thousand: a comma before three digits is asked about.
PLAIN = re.compile(r"\d{1,6}(\.\d{1,4}|,\d{1,2}|,\d{4})?", re.ASCII)
WHOLE = re.compile(r"\d{1,4}", re.ASCII)


def number(text: str, *, in_field: str) -> Decimal | None:
    """The number, None when the field is empty. Refused when it is none above 0, or could be two."""
    if not text:
        return None
    found = Decimal(text.replace(",", ".")) if PLAIN.fullmatch(text) else None
    if not found:
        raise Refused("dosing.no_number", in_field=in_field, typed=text[:20])
    return found


def whole(text: str, *, in_field: str) -> int | None:
    """The same for minutes."""
    if not text:
        return None
    if not WHOLE.fullmatch(text) or not int(text):
        raise Refused("dosing.no_number", in_field=in_field, typed=text[:20])
    return int(text)
