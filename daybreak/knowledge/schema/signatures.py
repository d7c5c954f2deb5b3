"""Which decisions are hard enough for a second person's signature?"""

from __future__ import annotations

from typing import Literal

from daybreak.knowledge.schema.common import Fact, Strict


class Case(Fact):
    """A kind of hard case: one of `statuses`, one of `reasons` anywhere in the decision, or (`exceptions`) any exception
    that it rests on. `second`: does it need a second signature unless a site says otherwise?"""

    id: Literal["exception", "contradiction", "with_review"]
    second: bool
    statuses: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    exceptions: bool = False


class SignaturesFile(Strict):
    cases: tuple[Case, ...]
