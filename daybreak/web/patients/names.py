"""How is a name found although it was spelled otherwise? By the three-letter pieces that both spellings share."""

from __future__ import annotations

import unicodedata

SHARE = 0.4  # of the pieces that were looked for; below it a name has only some letters in common


def pieces(text: str) -> frozenset[str]:
    """The pieces of each word, without accents and capitals: "Zoë" has " zo", "zoe", "oe ".

    Chinese, Japanese and Korean names are short; there each character is a piece, and each pair.
    """
    found: set[str] = set()
    for word in _plain(text).split():
        if word.isascii() or not _is_ideographic(word):
            framed = f" {word} "
            found |= {framed[i : i + 3] for i in range(len(framed) - 2)}
        else:
            found |= set(word) | {word[i : i + 2] for i in range(len(word) - 1)}
    return frozenset(found)


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(c if c.isalnum() else " " for c in composed)


def _is_ideographic(word: str) -> bool:
    return any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or c >= "\U00020000" for c in word)
