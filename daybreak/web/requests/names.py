"""Whom does somebody mean who complains in their own words? A stranger sees no list of staff to choose from."""

from __future__ import annotations

import re
import unicodedata

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
    return not parts[0].isascii() and any(parts[0][0] + title in said for title in TITLES_AFTER)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))
