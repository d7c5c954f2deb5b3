"""Does the patient take something of a kind, by the list of medicines and by what was said today, and do the two differ?"""

from __future__ import annotations

from dataclasses import dataclass

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Drugs:
    """`listed`: by the list (None: it was not gone through lately, or cannot be read). `said`: today's answers about this kind;
    `new`: today's answer whether anything changed since. Whatever is neither yes nor no is unknown."""

    listed: bool | None
    said: tuple[bool | None, ...]
    new: bool | None

    @property
    def answer(self) -> bool | None:
        """Yes if either says so; no only if the list, and all that was said, say no."""
        every = (self.listed, *self.said)
        if True in every:
            return True
        return False if all(one is False for one in every) and self.new is False else None

    @property
    def differs(self) -> bool:
        """The list has none and something was said, or the list has one and none was said; or the list is not that of today."""
        if self.new is True or (self.listed is False and True in self.said):
            return True
        return self.listed is True and bool(self.said) and all(one is False for one in self.said)


def said(answer: str | None) -> bool | None:
    """An answer of the card before the dose; who would rather not say said neither."""
    return {YES: True, NO: False}.get(answer or "")
