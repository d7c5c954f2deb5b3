"""Which birth dates may somebody mean who looks for a patient?"""

from __future__ import annotations

import re
from calendar import monthrange

from daybreak.exchange.fhir.dates import read_date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR = re.compile(r"\d{4}")


def meant(typed: str) -> set[str]:
    """Every date as `Details` holds it that may be meant: 1971-04-02, 2.4.1971, 02/04/1971 (both ways), 1971年4月2日,
    2 Apr 1971, 19710402, 1971-04, 4/1971, 1971. A part of a date finds all those within it. Empty: it is none of these.
    """
    text = typed.casefold()
    for number, month in enumerate(MONTHS, 1):
        text = re.sub(rf"{month}[a-z]*\.?", f" {number:02d}m ", text)
    if re.fullmatch(r"\d{8}", text.strip()):
        text = f"{text.strip()[:4]}-{text.strip()[4:6]}-{text.strip()[6:]}"
    if not re.fullmatch(r"[\dm\s./,\-年月日]+", text):
        return set()
    parts = re.findall(r"\d+m?", text)
    years = [part for part in parts if YEAR.fullmatch(part)]
    if len(years) != 1 or len(parts) > 3:
        return set()
    rest = [part for part in parts if part != years[0]]
    found: set[str] = set()
    for order in _orders(rest, year_first=parts[0] == years[0]):
        found |= _within("-".join([years[0], *order]))
    return found


def _orders(rest: list[str], *, year_first: bool) -> list[list[str]]:
    """Month and day. Where the year comes first the month follows; else both ways of writing are possible."""
    plain = [part.rstrip("m").zfill(2) for part in rest]
    named = [part.endswith("m") for part in rest]
    if len(rest) < 2 or year_first or named == [True, False]:
        return [plain]
    return [plain[::-1]] if named == [False, True] else [plain, plain[::-1]]


def _within(birth: str) -> set[str]:
    """Every way to write a birth date within that one: of a year its months and days. Not a beginning with LIKE, which
    no index answers on both databases."""
    read = read_date(birth) if len(birth) <= len("1971-04-02") else None
    if read is None:
        return set()
    if read[0].exact:
        return {birth}
    year = int(birth[:4])
    months = [int(birth[5:])] if len(birth) == len("1971-04") else range(1, 13)
    found = {birth}
    for month in months:
        found.add(f"{year:04d}-{month:02d}")
        found |= {f"{year:04d}-{month:02d}-{day:02d}" for day in range(1, monthrange(year, month)[1] + 1)}
    return found
