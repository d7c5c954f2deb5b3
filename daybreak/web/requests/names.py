"""Whom does somebody mean who complains in their own words? A stranger sees no list of staff to choose from."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

from daybreak.web.patients.names import READINGS, spoken

TITLES = frozenset(
    {"dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "nurse", "md", "phd", "np", "pa", "rn"}
)
TITLES_AFTER = ("医生", "大夫", "医师", "主任", "护士", "老师")
SHORT = 2  # letters: "An" and "Li" are names and also words, so they count only as they are written


def means(text: str, name: str) -> bool:
    """Do the words of a complaint name this person? A title does not count, nor an accent, nor the order; one name is
    enough. It would rather find one too many: what it finds is only who does not deal with the complaint."""
    said, called = _plain(text), _plain(name)
    parts = [one for one in re.findall(r"\w+", called) if one.casefold() not in TITLES]
    if not parts:
        return False
    written = re.findall(r"\w+", said)
    heard = {one.casefold() for one in written}
    if any(one in written if len(one) <= SHORT else one.casefold() in heard for one in parts):
        return True
    whole = "".join(parts)
    if not whole.isascii() and whole.casefold() in said.casefold():  # such writing has no spaces between words
        return True
    if not parts[0].isascii() and any(parts[0][0] + title in said for title in TITLES_AFTER):
        return True
    return _sounds_like(_tokens(said), _tokens(" ".join(parts)))


def _sounds_like(said: list[str], called: list[str]) -> bool:
    """The same across writings: 李娜 is "li na", and 李护士 may be "Li Na". All parts in a row, or one part with a title."""
    heard = [_heard(one) for one in said]
    parts = frozenset().union(*map(_heard, called))
    for place, ways in enumerate(heard):
        before, after = said[place - 1 : place], "".join(said[place + 1 : place + 3])
        if ways & parts and ({*map(str.casefold, before)} & TITLES or after in TITLES_AFTER):
            return True
    if len(called) < SHORT:
        return False
    orders = (called, called[1:] + called[:1], called[-1:] + called[:-1])
    wholes = {
        "".join(way) for order in orders for way, _ in zip(product(*map(_heard, order)), range(READINGS), strict=False)
    }
    return any(_begins(heard, place, whole) for place in range(len(heard)) for whole in wholes)


def _begins(heard: list[frozenset[str]], place: int, rest: str) -> bool:
    if not rest or place == len(heard):
        return not rest
    return any(rest.startswith(one) and _begins(heard, place + 1, rest[len(one) :]) for one in heard[place])


def _tokens(text: str) -> list[str]:
    """Words, and each Chinese character by itself."""
    return re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text)


@lru_cache(maxsize=4096)
def _heard(one: str) -> frozenset[str]:
    return frozenset(spoken(one).split()) or frozenset({one.casefold()})


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))
