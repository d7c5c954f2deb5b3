"""Is a dose that somebody types for a payer one that the protocol has, or are they asked whether it is right?"""

from __future__ import annotations

import re
from decimal import Decimal
from unicodedata import normalize

from daybreak.knowledge.schedules import doses
from daybreak.web.refusals import Refused

_MG = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:mg|毫克)", re.IGNORECASE)


class Implausible(Refused):
    """The person is asked once more; when they say that it is right, it is written down."""


def ask(dose: str, protocol: str, *, right: bool) -> None:
    """Implausible when every amount in mg in these words lies outside what the protocol has, and nobody said it is `right`.
    Words without one are not understood and pass, as does a protocol of which no source gives mg."""
    amounts = [Decimal(one.replace(",", ".")) for one in _MG.findall(normalize("NFKC", dose))]
    known = doses(protocol)
    if right or known is None or not amounts or any(known.least <= one <= known.most for one in amounts):
        return
    told = {"typed": dose, "least": f"{known.least:f}", "most": f"{known.most:f}"}
    raise Implausible("authorisation.dose_implausible", in_field="dose", **told)
