"""What is the score of these answers?

Rules for every scale: nothing is coerced or clamped; a total exists only when the form is complete; an estimate for
blanks stands in its own field; the safety item is looked at by itself first. Nothing that a person can send raises:
what cannot be read is `invalid`, with a sentence in `problem`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from daybreak.clinical.screening.scoring.scale import Result, Scale


def score(scale: Scale, args: object) -> Result:
    """The result of one form: status, total or its like, bands, cuts, safety. `args` are the answers as on the form.

    `status` is complete, prorated, incomplete, partial, inconsistent or invalid. A value that is not known is None.
    """
    return scorer(scale)(args)


@cache
def scorer(scale: Scale) -> Callable[[object], Result]:
    """The scoring function of one scale, made once."""
    return scale.method.scorer(scale)
