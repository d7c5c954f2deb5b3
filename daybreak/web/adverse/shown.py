"""What stands on the pages of adverse events: each in a line, in full, and the fields of its form?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.clinical.treatment.adverse import ANSWERS, NO, UNKNOWN, YES, Course, Owed
from daybreak.clinical.treatment.session import Exposure
from daybreak.knowledge import adverse
from daybreak.web import zones
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.models import How, Version
from daybreak.web.adverse.proposals import Line
from daybreak.web.adverse.queries import Standing
from daybreak.web.adverse.told import Told
from daybreak.web.courses.apart import product
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

SAID = {YES: "adverse.yes", NO: "adverse.no", UNKNOWN: "adverse.unknown"}
SHAPES = {YES: "not-met", NO: "met", UNKNOWN: "unknown"}
COURSES = {Course.ENDED: "adverse.ended", Course.ONGOING: "adverse.ongoing", Course.UNKNOWN: "adverse.unknown"}
OWED = {Owed.REVIEW: "adverse.owes_review", Owed.REPORT: "adverse.owes_report"}
WAYS = {
    How.PORTAL: "adverse.was_portal",
    How.PHONE: "adverse.was_phone",
    How.FAX: "adverse.was_fax",
    How.POST: "adverse.was_post",
    How.NONE: "adverse.was_none",
}


def line(one: Standing, language: str) -> dict[str, Any]:
    """One event among others."""
    due = one.due
    return {
        "row": one.row,
        "name": tellings.name(one.told, language),
        "mapped": mapped(one.told, language),
        "onset": tellings.shown(one.told.onset, one.row.site.zone) or word("adverse.unknown", language),
        "grade": answer("grades", one.told.grade, language),
        "serious": word(tellings.SERIOUS[one.row.serious], language),
        "shape": SHAPES[one.row.serious],
        "owed": word(OWED[one.owed], language, day=due.isoformat()) if due and one.owed in OWED else "",
    }


def mapped(told: Told, language: str) -> str:
    """Its codes, or that it has none."""
    term = adverse.terms().get(told.term)
    codes = ", ".join(term["icd10cm"]) if term else ""
    return f"ICD-10-CM {codes}" if codes else word("adverse.unmapped", language)


def answer(question: str, id: str, language: str) -> str:
    """An answer in words; without one it is not known."""
    found = adverse.choices(question).get(id)
    return str(found["words"][language]) if found else word("adverse.unknown", language)


def choices(question: str, language: str) -> list[tuple[str, str]]:
    """Every answer of a question, in order."""
    return [(id, one["words"][language]) for id, one in adverse.choices(question).items()]


def proposal(one: Line, language: str) -> dict[str, Any]:
    """A line of the session that may be one."""
    return {"seq": one.seq, "at": zones.clock(one.at), "text": one.text}


def doses(now: Now | None, language: str) -> list[tuple[str, str]]:
    """The doses of the treatment, to choose from."""
    if now is None:
        return []
    return [
        (
            str(one.seq),
            " · ".join([zones.clock(one.first), amount(one.mg_low, one.mg_high, language), *_lots(one, language)]),
        )
        for one in now.state.exposures
    ]


def _lots(one: Exposure, language: str) -> list[str]:
    """From which lots a dose came, as far as that was known."""
    return [f"{word('treatment.lot', language)} {', '.join(one.lots)}"] if one.lots else []


def amount(low: Any, high: Any, language: str) -> str:
    """So many mg, or between two figures; a bound that nobody knows is said to be unknown."""
    if low is not None and low == high:
        return f"{low} mg"
    unknown = word("adverse.unknown", language)
    return f"{unknown if low is None else low} – {unknown if high is None else high} mg"


def criteria(told: Told, language: str) -> list[dict[str, str]]:
    """Each thing that makes it serious, with its answer."""
    return [
        {"words": one["words"][language], "answer": word(SAID[told.serious.get(id, UNKNOWN)], language)}
        for id, one in adverse.serious().items()
    ]


def facts(told: Told, now: Now | None, zone: str, language: str) -> list[tuple[str, str]]:
    """What was told, in full."""
    dose = next((words for seq, words in doses(now, language) if seq == str(told.dose)), "")
    unknown = word("adverse.unknown", language)
    found = [
        ("adverse.what", tellings.name(told, language)),
        ("adverse.code", mapped(told, language)),
        ("adverse.in_words", told.text),
        ("adverse.onset", tellings.shown(told.onset, zone) or unknown),
        ("adverse.course", word(COURSES[Course(told.course)], language)),
        ("adverse.end", tellings.shown(told.end, zone)),
        ("adverse.grade", answer("grades", told.grade, language)),
        ("adverse.related", answer("related", told.related, language)),
        ("adverse.action", answer("actions", told.action, language)),
        ("adverse.treated", told.treated),
        ("adverse.outcome", answer("outcomes", told.outcome, language)),
        ("adverse.dose", dose or (unknown if now else "")),
        ("adverse.evidence", " · ".join(told.evidence)),
    ]
    return [(word(name, language), value) for name, value in found if value]


def expected(one: Standing, now: Now | None, language: str) -> dict[str, Any]:
    """Where the label names it, beside the question; what it does not name is not called unexpected."""
    of = product(now.session.protocol) if now else ""
    about = adverse.label(of)
    where = adverse.listed(one.told.term, of)
    if about is None:
        said = word("adverse.no_label", language)
    elif where:
        said = word("adverse.listed", language, label=about["words"][language], where=where)
    else:
        said = word("adverse.not_listed", language, label=about["words"][language])
    return {"said": said, "answers": [(one, word(SAID[one], language)) for one in ANSWERS]}


def version(row: Version, language: str) -> dict[str, Any]:
    """One version, with who told it, why it was corrected, how it was judged and where it was reported."""
    told, review = tellings.read(row.told), getattr(row, "review", None)
    judged = ""
    if review:
        judged = word(
            "adverse.judged",
            language,
            name=review.by.display_name,
            at=zones.minute(review.created),
            related=answer("related", review.related, language),
            expected=word(SAID[review.expected], language),
        )
    return {
        "row": row,
        "at": zones.minute(row.created),
        "name": tellings.name(told, language),
        "grade": answer("grades", told.grade, language),
        "serious": word(tellings.SERIOUS[row.serious], language),
        "judged": judged,
        "text": review.text if review else "",
        "reports": [
            {
                "said": word(WAYS[How(one.how)], language, day=one.day, name=one.by.display_name),
                "reference": one.reference,
            }
            for one in row.reports.all()
        ],
    }


def fields(told: Told) -> dict[str, str]:
    """What was told, as the fields of the form hold it."""
    found = {one: str(getattr(told, one)) for one in ("term", "text", "course", "treated", *tellings.ONE_OF)}
    for one in ("onset", "end"):
        found[f"{one}_day"], _, found[f"{one}_time"] = getattr(told, one).partition("T")
    found |= {f"serious-{id}": value for id, value in told.serious.items()}
    return found | {"dose": "" if told.dose is None else str(told.dose)}


def form(sent: Mapping[str, str], now: Now | None, language: str) -> dict[str, Any]:
    """The form, with what stands in its fields already."""
    return {
        "sent": sent,
        "terms": [(id, one["words"][language]) for id, one in adverse.terms().items()],
        "courses": [(str(one), word(words, language)) for one, words in COURSES.items()],
        "course": sent.get("course") or str(Course.UNKNOWN),
        "doses": doses(now, language),
        "serious": [
            {"id": id, "words": one["words"][language], "answer": sent.get(f"serious-{id}") or UNKNOWN}
            for id, one in adverse.serious().items()
        ],
        "answers": [(one, word(SAID[one], language)) for one in ANSWERS],
        **{question: choices(question, language) for question in tellings.ONE_OF.values()},
    }
