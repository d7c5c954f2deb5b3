"""Is this the number of a phone that a text reaches, and how is it written so that two of the same are the same?"""

from __future__ import annotations

import re

from daybreak.web.refusals import Refused

BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015]")
WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164: at most fifteen digits, with the country


def plain(typed: str) -> str:
    """Without what people write between the digits; "00" before the country is a plus."""
    found = BETWEEN.sub("", typed)
    return f"+{found[2:]}" if found.startswith("00") else found


def check(number: str) -> None:
    """Refused when it is not a whole number with its country."""
    if not WHOLE.fullmatch(number):
        raise Refused("reach.no_mobile", in_field="mobile", typed=number[:30])


def of_sender(told: str) -> str:
    """As a gateway names who sent a text: with a plus or without."""
    found = plain(told)
    return found if found.startswith("+") else f"+{found}"
