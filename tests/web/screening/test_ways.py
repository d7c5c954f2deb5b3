"""Can everything that is missing be given on the board, or by one link from it, and how much work is that?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.clinical.answers import UNKNOWN, UNREADABLE, Answer, Reason, Term
from daybreak.clinical.records import Chart, on
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.knowledge.store import load
from daybreak.web import ids
from daybreak.web.forms.models import Sitting
from daybreak.web.patients import records
from daybreak.web.patients.fields import FIELDS
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.presence import pins
from daybreak.web.screening.asks import asks, every_reason
from daybreak.web.screening.cards import cards
from daybreak.web.screening.exceptions import screened
from daybreak.web.screening.ways import ways
from daybreak.web.tasks.models import Task
from tests.agreement.charts import charts
from tests.clinical.screening.build import chart, cleared, condition
from tests.web.conftest import NOW, signed_in
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered
from tests.web.presence.test_unlock import PIN, left_alone, unlock
from tests.web.screening.samples import today, told
from tests.web.screening.test_any_chart import judged
from tests.web.screening.test_board import page, post

EN = language("en")
MISSED = {"condition.nameless", "measure.none", "measure.unreadable", "severity.none", "severity.score"} | {
    *("review.none", "review.unread", "substance.unread", "suicide.not-today")
}
SCREENED = tuple(o for o in today(cleared()).observations if o.kind in ("audit-c", "dast-10"))
SITTING = "0193f000-0000-7000-8000-0000000000b1"
ENOUGH = 12  # fields and buttons, from opening the board until nothing is missing


def missable() -> list[str]:
    """Every reason that can say what is missing: all that ask, that have expired, that leave a trial open, and the rest."""
    ids = load("sentences")["en"]["sentences"]
    return sorted(id for id in ids if id.startswith(("ask.", "trial.")) or id.endswith(".expired") or id in MISSED)


def reason(id: str) -> Reason:
    return Reason(id, {"what": Term("observation.systolic"), "domains": (Term("domain.conditions"),)})


@pytest.mark.parametrize("id", missable())
def test_everything_that_can_be_missing_has_a_form_or_a_link(id: str) -> None:
    answer = Answer(UNKNOWN, reason("absent.reviewed"), missing=(reason(id),))
    links = ways(answer, judged(chart()), language=EN)
    assert asks(answer) or links
    for to, said in links:
        assert said
        assert to == ("" if id == "ask.alive" else "details/") or to.removeprefix("add/").rstrip("/") in FIELDS, (
            "a form that there is"
        )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts())
def test_no_chart_misses_what_nobody_thought_of(whole: Chart) -> None:
    found = judged(whole)
    missed = {r.id for d in found.decisions for f in screened(d) for r in every_reason(f.answer.missing)}
    assert missed <= set(missable())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from(LANGUAGES))
def test_no_open_question_of_any_chart_is_left_without_a_way(whole: Chart, lang: str) -> None:
    found = judged(whole)
    rows = (*whole.conditions, *whole.exposures, *whole.observations, *whole.allergies, *whole.ketamine)
    found = replace(found, entries={row.ref: ids.new() for row in rows})
    groups = dict(cards(found, "screening", language=language(lang), may_sign=True))
    for card in groups.get("unknown", ()):
        assert card.asks or card.ways, card.title


def test_what_is_on_record_and_open_is_corrected_not_added_again(site, doctor) -> None:
    found = registered(site, doctor, number="9")
    told(found, doctor, chart(condition("psychosis", text="Psychosis?", verification="unconfirmed")))
    row = next(row for row in records.current(found) if row.kind == "condition")
    browser = signed_in(doctor)
    link = f"/patients/{found.id}/entries/{row.id}/correct/?board={site.id}"
    text = page(browser, found)
    assert f'<a href="{link}">Correct or confirm: Psychosis?' in text
    form = browser.get(link, secure=True).content.decode()
    assert f'name="board" value="{site.id}"' in form
    for board, leads in ((str(site.id), f"screening/?site={site.id}#group-unknown"), ("//elsewhere", "")):
        sent = {"key": str(ids.new()), "board": board, "text": "Psychosis?", "verification": "unconfirmed"}
        answer = browser.post(link.partition("?")[0], sent, secure=True)
        assert answer.url == f"/patients/{found.id}/{leads}"
        link = f"/patients/{found.id}/entries/{Entry.objects.latest('id').id}/correct/"
    for to in set(re.findall(rf'href="(/patients/{found.id}/(?:add|details)/[^"]*)"', text)):
        assert browser.get(to, secure=True).status_code == 200


@pytest.fixture
def asked_at_intake(site, doctor):
    """Histories gone through with the substance screens, medicines and trials confirmed; nothing of the day is asked yet."""
    found = registered(site, doctor, number="12")
    whole = today(cleared())
    told(found, doctor, replace(whole, observations=SCREENED, conditions=whole.conditions[:1]))
    return found


@pytest.fixture
def unmeasured(site, doctor):
    """The same without the substance screens."""
    found = registered(site, doctor, number="13")
    whole = today(cleared())
    told(found, doctor, replace(whole, observations=(), conditions=whole.conditions[:1]))
    return found


class Forms(HTMLParser):
    """The forms of a page: what each asks for (visible and required), and what it says by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[list[str], dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        a = dict(attrs)
        if tag == "form":
            self.found.append(([], {}))
        elif tag in ("input", "select") and self.found and "name" in a:
            (fields, said) = self.found[-1]
            if a.get("type") == "hidden":
                said[a["name"]] = a.get("value", "")
            elif a["name"] not in fields:
                fields.append(a["name"])


TYPED = {
    "systolic": "124",
    "diastolic": "78",
    "total-phq-9": "19",
    "suicide-points": "0",
    "total-audit-c": "1",
    "total-dast-10": "0",
}
CHOSEN = {
    "pregnancy_status": "not_pregnant",
    "breastfeeding_status": "not_breastfeeding",
    "c-ssrs-screen.risk": "none",
    "suicide_assessment": "done",
}


def test_the_board_is_complete_after_at_most_12_interactions(doctor, asked_at_intake) -> None:
    browser, count, seen = signed_in(doctor), 0, []
    while forms := asked_for(page(browser, asked_at_intake)):
        fields, said = forms[0]
        answers = {name: TYPED[name] if name in TYPED else CHOSEN[said["about"]] for name in fields}
        assert post(browser, asked_at_intake, **{**said, **answers}).status_code == 302
        count += len(fields) + 1
        seen.append(said["about"])
        assert count <= ENOUGH, seen
    assert sorted(seen) == ["breastfeeding_status", "c-ssrs-screen.risk", "pregnancy_status", "pressure", "totals"]
    assert "<dt>Missing</dt>" not in page(browser, asked_at_intake)


def asked_for(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """The small forms of a board, without the longer ways to the same answer."""
    return [form for form in Forms(text).found if form[1].get("about") in ("pressure", "totals", *CHOSEN)]


def test_totals_are_written_as_of_now(doctor, unmeasured) -> None:
    browser = signed_in(doctor)
    sent = {"key": str(ids.new()), "about": "totals", "of": "audit-c,dast-10", "total-audit-c": "3"}
    for _ in range(2):
        assert post(browser, unmeasured, **sent).status_code == 302
    told = {"about": "another-scale", "scale": "madrs", "value": "33", "suicide-points": "0"}
    assert post(browser, unmeasured, **told).status_code == 302
    found = [(o.kind, o.value, o.when) for o in records.chart(unmeasured).observations]
    values = [("audit-c", Decimal(3)), ("madrs.item-10", Decimal(0)), ("madrs", Decimal(33))]
    assert found == [(kind, value, on(NOW.date())) for kind, value in values]
    assert not Task.objects.exists()


@pytest.mark.parametrize("points", ["3", ""])
def test_no_total_without_the_item_about_suicide(doctor, unmeasured, points) -> None:
    browser = signed_in(doctor)
    told = {"about": "totals", "of": "phq-9", "total-phq-9": "27", "suicide-points": points}
    assert post(browser, unmeasured, **told).status_code == 302
    found = {o.kind: o.value for o in records.chart(unmeasured).observations}
    assert found == {"phq-9": 27, "phq-9.item-9": Decimal(points) if points else UNREADABLE}
    assert Task.objects.filter(patient=unmeasured).count() == 1


@pytest.mark.parametrize(
    ("language", "sent", "intent"),
    [
        ("en", {"about": "totals", "of": "phq-9", "total-phq-9": "12", "suicide-points": "2"}, "Do you intend to act"),
        ("zh-hans", {"about": "another-scale", "scale": "madrs", "value": "33", "suicide-points": ""}, "您有打算"),
    ],
)
def test_a_total_whose_item_about_suicide_calls_is_followed_up_on_the_spot(
    doctor, unmeasured, language, sent, intent
) -> None:
    browser, how = signed_in(doctor), {"accept-language": language}
    calm = post(browser, unmeasured, about="another-scale", scale="qids-sr16", value="5", **{"suicide-points": "0"})
    assert "after=" not in calm["Location"]
    key = str(ids.new())
    for _ in range(2):  # whichever answer the browser shows, the questions are there
        answer = post(browser, unmeasured, key=key, **sent)
        assert answer["Location"].endswith(f"&after={sent.get('scale', 'phq-9')}")
    text = browser.get(answer["Location"], secure=True, headers=how).content.decode()
    assert intent in text
    assert "tel:988" in text
    top = text[text.index('id="after"') : text.index('id="decision-heading"')]
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', top)[1] for name in ("about", "of", "sitting", "language")
    }
    followed = {("t-" if id.endswith("where") else "q-") + id: value for id, value in FOLLOWED.items()}
    part = {**hidden, "q-followup.intent": "yes"}
    again = post(browser, unmeasured, **part)
    assert again.status_code == 422
    assert 'name="q-followup.intent" value="yes" checked' in again.content.decode()
    assert {o.value for o in records.chart(unmeasured).observations if o.kind == "suicide-followup.intent"} == {"yes"}
    key = str(ids.new())
    for _ in range(2):
        assert "after" not in post(browser, unmeasured, key=key, **hidden, **followed)["Location"]
    found = {o.kind: o.value for o in records.chart(unmeasured).observations}
    assert [found[f"suicide-followup.{one}"] for one in ("plan", "act", "worse")] == ["no"] * 3
    assert sum(o.kind.endswith(("item-9", "item-10")) for o in records.chart(unmeasured).observations) == 1
    task = Task.objects.get(patient=unmeasured, kind="suicide")
    assert "At home" in "".join(task.events.values_list("text", flat=True))
    assert Sitting.objects.get().form == f"followup:{sent.get('scale', 'phq-9')}"
    assert post(browser, unmeasured, **{**hidden, "of": "audit-c"}).status_code == 422
    assert browser.get(f"/patients/{unmeasured.id}/assessments/", secure=True).status_code == 200


def test_a_new_total_of_the_record_is_sent_to_where_suicide_is_asked(doctor, unmeasured) -> None:
    browser, told = signed_in(doctor), {"kind": "madrs", "value": "60", "key": str(ids.new())}
    address = f"/patients/{unmeasured.id}/add/observation/"
    answer = browser.post(address, {**told, "when": str(NOW.date())}, secure=True)
    assert (answer.status_code, "The MADRS asks about suicide" in answer.content.decode()) == (422, True)
    assert not records.chart(unmeasured).observations
    assert browser.post(address, {**told, "when": "2024-05"}, secure=True).status_code == 302


@pytest.mark.parametrize(("language", "intent"), [("en", "Do you intend to act"), ("zh-hans", "您有打算")])
def test_the_questionnaire_is_the_one_at_the_desk_and_its_last_item_is_followed_up_on_the_spot(
    doctor, unmeasured, language, intent
) -> None:
    browser, how = signed_in(doctor), {"accept-language": language}
    text = page(browser, unmeasured, headers=how)
    assert intent in text
    assert "Copyright Pfizer" in text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("sitting", "language")}
    sent = {"about": "phq-9.items", **hidden} | {f"q-{n}": str(n % 3) for n in range(1, 9)} | {"q-9": "2"}
    answer = post(browser, unmeasured, **sent)
    assert answer.status_code == 422
    assert {o.kind: o.value for o in records.chart(unmeasured).observations} == {"phq-9.item-9": 2}
    task = Task.objects.get(patient=unmeasured, kind="suicide")  # before the rest is asked
    shown = answer.content.decode()
    assert f'name="sitting" value="{hidden["sitting"]}"' in shown
    assert 'name="q-9" value="2" checked' in shown
    followed = {("t-" if id.endswith("where") else "q-") + id: value for id, value in FOLLOWED.items()}
    key = str(ids.new())
    for _ in range(2):
        assert post(browser, unmeasured, key=key, **sent, **followed).status_code == 302
    found = {o.kind: o.value for o in records.chart(unmeasured).observations}
    assert found["phq-9"] == 1 + 2 + 0 + 1 + 2 + 0 + 1 + 2 + 2
    assert [found[f"suicide-followup.{one}"] for one in ("intent", "plan", "act", "worse")] == ["no"] * 4
    rows = Entry.objects.filter(patient=unmeasured, created__gte=task.created)
    assert {(row.origin, row.by) for row in rows} == {(PATIENT, doctor)}
    assert (Sitting.objects.get().mode, Sitting.objects.get().ending.how) == ("desk", "finished")
    assert Task.objects.filter(patient=unmeasured, kind="suicide").count() == 1
    assert "At home" in "".join(task.events.values_list("text", flat=True))
    assert 'class="urgent"' in page(browser, unmeasured)


@pytest.mark.parametrize(
    ("form", "said", "back"),
    [
        ({"about": "totals", "of": "phq-9", "total-phq-9": "28"}, "PHQ-9 score", 'value="28"'),
        ({"about": "totals", "of": "phq-9", "total-phq-9": "1.5"}, "between 0 and 27", 'value="1.5"'),
        (
            {"about": "totals", "of": "phq-9", "total-phq-9": "9", "suicide-points": "4"},
            "Enter one of: 0, 1, 2, 3",
            'value="4"',
        ),
        ({"about": "totals", "of": "audit-c,dast-10"}, "at least one total", ""),
        ({"about": "totals", "of": "madrs", "total-madrs": "3"}, "at least one total", ""),
        ({"about": "another-scale", "of": "madrs,ham-d17,qids-sr16", "scale": "madrs", "value": "61"}, "MADRS", "61"),
        ({"about": "another-scale", "of": "madrs,ham-d17,qids-sr16", "scale": "phq-2", "value": "1"}, "chosen", ""),
        ({"about": "phq-9.items", "sitting": SITTING, "q-1": "3"}, "Trouble falling", 'name="q-1" value="3" checked'),
        ({"about": "phq-9.items", "sitting": SITTING, **{f"q-{n}": "4" for n in range(1, 10)}}, "Choose one", ""),
    ],
)
def test_a_wrong_score_is_refused_and_comes_back(doctor, unmeasured, form, said, back) -> None:
    answer = post(signed_in(doctor), unmeasured, **form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert back in text
    assert not records.chart(unmeasured).observations
    assert not Sitting.objects.exists()


def test_a_score_that_is_too_old_is_asked_for_again(site, doctor) -> None:
    found = registered(site, doctor, number="13")
    whole = today(cleared())
    old = tuple(
        replace(o, when=on(o.when.earliest - timedelta(days=400))) if o.kind == "phq-9" else o
        for o in whole.observations
    )
    told(found, doctor, replace(whole, observations=old))
    browser = signed_in(doctor)
    assert 'name="total-phq-9"' in page(browser, found)
    post(browser, found, about="totals", of="phq-9", **{"total-phq-9": "19"})
    assert 'name="total-phq-9"' not in page(browser, found)


def test_the_questionnaire_is_asked_in_chinese_too(doctor, unmeasured) -> None:
    text = page(signed_in(doctor), unmeasured, headers={"accept-language": "zh-hans"})
    assert "做事时提不起劲或没有兴趣" in text
    assert "逐题填写 PHQ-9" in text


def test_nothing_is_asked_where_nothing_is_missing(doctor, patient) -> None:
    text = page(signed_in(doctor), patient)
    assert 'name="about"' not in text


def test_an_answer_that_was_changed_after_going_back_is_not_lost(doctor, unmeasured) -> None:
    browser, told = signed_in(doctor), {"about": "c-ssrs-screen.risk", "key": str(ids.new())}
    assert post(browser, unmeasured, **told, value="none").status_code == 302
    changed = post(browser, unmeasured, **told, value="high")
    text = changed.content.decode()
    assert changed.status_code == 409
    assert "This answer is not stored" in text
    assert re.search(r'<option value="high" selected>', text)
    (said,) = [said for fields, said in Forms(text).found if said.get("about") == told["about"] and fields == ["value"]]
    assert post(browser, unmeasured, **said, value="high").status_code == 302
    assert Task.objects.filter(patient=unmeasured).count() == 1


def test_the_questionnaire_comes_back_filled_and_unfolded_after_a_locked_session(doctor, unmeasured) -> None:
    pins.choose(doctor, pin=PIN, again=PIN, at=NOW)
    text = page(signed_in(doctor), unmeasured)
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("site", "sitting", "language")}
    sent = {"about": "phq-9.items", **hidden} | {f"q-{n}": str(n % 3) for n in range(1, 9)} | {"q-9": "2"}
    client = left_alone(doctor)
    onward = parse_qs(urlsplit(post(client, unmeasured, **sent).url).query)["next"][0]
    unlock(client, next=onward)
    shown = client.get(onward, secure=True).content.decode()
    assert "You were away" in shown
    form = shown[: shown.index(f'name="sitting" value="{hidden["sitting"]}"')]  # sent twice, it is one sitting
    for n in range(1, 10):
        assert re.search(rf'<input[^>]*name="q-{n}"[^>]*value="{sent[f"q-{n}"]}"[^>]* checked', shown), n
    folds = list[str]()
    for tag in re.findall(r"<details[^>]*>|</details>", form):
        folds = folds[:-1] if tag == "</details>" else [*folds, tag]
    assert all(re.search(r"\sopen\b", one) for one in folds), "nothing is folded around it"
