"""How is a name found although it was written otherwise? By whole words, by how they sound, and by three-letter pieces."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product

SHARE = 0.4  # of the pieces that were looked for; below it a name has only some letters in common
LONGEST = 40  # characters of a word that are kept
READINGS = 8  # of one Chinese word; a character may be read in several ways
# Letters that no decomposition takes apart.
LIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Consonants that are taken for each other; the others stand for themselves, vowels and h, w, y for nothing.
HEARD = str.maketrans("cqzjvbd", "kksgfpt", "aeiouhwy")


def pieces(text: str) -> frozenset[str]:
    """The pieces of each word, without accents and capitals: "Zoë" has " zo", "zoe", "oe ".

    Chinese, Japanese and Korean names are short; there each character is a piece, and each pair.
    """
    found: set[str] = set()
    for word in _plain(text).split():
        if _is_ideographic(word):
            found |= set(word) | {word[i : i + 2] for i in range(len(word) - 1)}
        else:
            framed = f" {word} "
            found |= {framed[i : i + 3] for i in range(len(framed) - 2)}
    return frozenset(found)


def words(text: str) -> frozenset[str]:
    """Each word as it stands, without accents and capitals."""
    return frozenset(word[:LONGEST] for word in _plain(text).split())


def sounds(text: str) -> frozenset[str]:
    """Each word as the ear keeps it: "Keller", "Keler" and "Kehlar" are all "~klr". Marked, so that it is no word."""
    return frozenset(f"~{_sound(word)}" for word in words(text) if not _is_ideographic(word))


def spoken(text: str) -> str:
    """The Chinese words of a name in pinyin, every reading of every character, apart and joined; empty when there is none."""
    chinese = [word for word in _plain(text).split() if _is_chinese(word)]
    found = dict.fromkeys(one for word in chinese for one in _readings(word))
    found |= dict.fromkeys(_readings("".join(chinese)))
    return " ".join(found)


def stored(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What is kept for a name that a patient has: its pieces, and its words with their sounds; in pinyin too."""
    every = f"{text} {spoken(text)}"
    return pieces(every), words(every) | sounds(every)


def _readings(word: str) -> Iterator[str]:
    """Each syllable, and the whole word, in at most `READINGS` ways; ü as people type it: u, v, yu."""
    from pypinyin import Style, pinyin  # here: its dictionary is large, and most names need none

    syllables = [
        sorted({typed for one in heard for typed in (one, one.replace("v", "u"), one.replace("v", "yu"))})
        for heard in pinyin(word, style=Style.NORMAL, heteronym=True)
    ]
    for ways in syllables:
        yield from ways
    for number, one in enumerate(product(*syllables)):
        if number == READINGS:
            return
        yield "".join(one)


def _sound(word: str) -> str:
    word = word.replace("ph", "f")
    heard = (word[0].translate(HEARD) or "a") + word[1:].translate(HEARD)
    return "".join(one for one, before in zip(heard, f" {heard}", strict=False) if one != before)[: LONGEST - 1]


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFKC", bare).casefold().translate(LIKE)
    return "".join(c if c.isalnum() else " " for c in composed)


def _is_ideographic(word: str) -> bool:
    return any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or c >= "\U00020000" for c in word)


def _is_chinese(word: str) -> bool:
    return all("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in word)
