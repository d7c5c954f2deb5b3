"""Whom does somebody outside have to be told when a treatment moves, and what?"""

from __future__ import annotations

from typing import Literal

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Notice(Fact):
    """What is told, and to whom, when a patient who had a course under one of these protocols goes to another clinic.

    `written_in` is the language of whoever is told.
    """

    id: Id
    protocols: tuple[Id, ...]
    written_in: Literal["en", "zh-Hans"]
    says: Words


class NoticesFile(Strict):
    notices: tuple[Notice, ...]
