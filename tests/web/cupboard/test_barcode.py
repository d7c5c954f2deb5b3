"""Is a lot read from what a reader of barcodes types, and never guessed?"""

from __future__ import annotations

from datetime import date

import pytest

from daybreak.web.cupboard.barcode import Scanned, read
from daybreak.web.refusals import Refused

ARTICLE = "0100303580283022"


@pytest.mark.parametrize(
    ("typed", "number", "expires", "serial"),
    [
        ("A17", "A17", None, ""),
        (" 24A007\n", "24A007\n", None, ""),
        ("0123", "0123", None, ""),
        ("01234567890123456", "01234567890123456", None, ""),  # digits alone, with no part after them
        (f"{ARTICLE}1727063010A17", "A17", date(2027, 6, 30), ""),
        (f"{ARTICLE}10A17\x1d17270630", "A17", date(2027, 6, 30), ""),
        (f"]d2{ARTICLE}21XY7|17270200|10A17", "A17", date(2027, 2, 28), "XY7"),
        (f"\x1d{ARTICLE}10A17", "A17", None, ""),
    ],
)
def test_a_lot_is_read(typed, number, expires, serial) -> None:
    assert read(typed) == Scanned(number, expires, serial)


@pytest.mark.parametrize(
    "typed",
    [
        f"{ARTICLE}17270630",  # no lot
        f"{ARTICLE}1727133010A17",  # no such month
        f"{ARTICLE}1727023110A17",  # no such day
        f"{ARTICLE}99A17",  # a part that we do not know
        f"{ARTICLE}10{'A' * 21}",  # longer than a lot can be
        "A" * 121,
    ],
)
def test_what_cannot_be_read_is_refused(typed) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read(typed)
