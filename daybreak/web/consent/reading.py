"""In which language did whoever signs really read the document, and may they sign it then?"""

from __future__ import annotations

from daybreak.web.consent.models import Signature, Talk
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES

SHOWN, OTHER = "shown", "other"


def language(talk: Talk, read: str, read_in: str, *, translation: str, alone: bool) -> str:
    """Its name: that of the text as shown, or the one that they name.

    Refused when nobody said; and in another language unless the talk names who interpreted or the clinic's own translation
    was read, with somebody of the clinic beside them.
    """
    if read == SHOWN:
        return LANGUAGES[talk.language]
    if read != OTHER or not read_in or len(read_in) > Signature._meta.get_field("read_in").max_length:
        raise Refused("consent.say_read_in", in_field="read_in")
    if alone:
        raise Refused("consent.read_elsewhere_here")
    if not talk.interpreter and not translation:
        raise Refused("consent.who_translated", in_field="read_in")
    return read_in
