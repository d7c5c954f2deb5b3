"""Did the signer answer everything that the form leaves to a person, and can each answer be?"""

from __future__ import annotations

from collections.abc import Mapping

from daybreak.knowledge import rems
from daybreak.web.refusals import Refused
from daybreak.web.rems.evidence import Judged, Proposal
from daybreak.web.words import word

YES, NO = "yes", "no"
SAID = {YES: "rems.yes", NO: "rems.no"}
OTHER = "other"  # another minute than those that are offered
LONGEST, MOST_MINUTES = 2000, 24 * 60


def checked(asked: Mapping[str, Judged], sent: Mapping[str, str], proposed: Proposal) -> dict[str, str]:
    """What was answered, by its field; what is told beside it as `<field>.text`. Refused with the first that is missing."""
    found: dict[str, str] = {}
    for id, one in asked.items():
        about = one.about
        if about.get("when") and found.get(about["when"]) != YES:
            continue
        answer = sent.get(id, "").strip()
        if about["asks"] == "minutes":
            found |= _minutes(id, one, sent, proposed)
            continue
        if answer not in SAID:
            raise Refused("rems.answer_missing", in_field=id, question=one.words)
        found[id] = answer
        if about["tell"] and answer == YES:
            found[f"{id}.text"] = _told(f"{id}.text", sent, one.words)
    return found


def _minutes(id: str, one: Judged, sent: Mapping[str, str], proposed: Proposal) -> dict[str, str]:
    """Earlier than what was documented only with the reason: nobody else saw it."""
    typed = sent.get(f"{id}.other", "").strip() if sent.get(id) == OTHER else sent.get(id, "").strip()
    if not typed:
        raise Refused("rems.answer_missing", in_field=id, question=one.words)
    if not (
        typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_MINUTES)) and int(typed) <= MOST_MINUTES
    ):
        raise Refused("rems.which_minute", in_field=f"{id}.other", typed=typed[:20], most=MOST_MINUTES)
    found = {id: str(int(typed))}
    earliest = proposed.minutes.most if proposed.minutes else None
    if earliest is None or int(typed) < earliest:
        why = sent.get(f"{id}.text", "").strip()
        offered = {value for value, _ in one.choices}
        if not why and found[id] not in offered:
            raise Refused("rems.earlier_why", in_field=f"{id}.text")
        found |= {f"{id}.text": _fit(f"{id}.text", why)} if why else {}
    return found


def _told(name: str, sent: Mapping[str, str], question: str) -> str:
    text = sent.get(name, "").strip()
    if not text:
        raise Refused("rems.tell_missing", in_field=name, question=question)
    return _fit(name, text)


def _fit(name: str, text: str) -> str:
    if len(text) > LONGEST:
        raise Refused("rems.too_long", in_field=name, most=LONGEST)
    return text


def said(id: str, answers: Mapping[str, str], language: str) -> str:
    """An answer in words; empty where the question was not asked."""
    answer = answers.get(id, "")
    if not answer:
        return ""
    return word(SAID[answer], language) if answer in SAID else f"{answer} min"


def serious(language: str) -> list[str]:
    """What makes an event serious."""
    return [one["words"][language] for one in rems.form()["serious"]]
