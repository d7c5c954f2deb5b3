"""Does a site's own policy only ever make a protocol stricter, and does everybody see that it does?"""

from __future__ import annotations

import json
import re
import time

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from daybreak.knowledge.protocols import protocol
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.people import actions as people_actions
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions, policies, queries
from daybreak.web.protocols.models import Stricter
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.protocols.test_protocols import DIGEST, SOON, US, adopt, another_wording, nothing_remembered  # noqa: F401

PAGE = f"/clinic/protocols/{US}/policy/"


@pytest.fixture
def doctor(person) -> Person:
    return person("okafor", Role.PRESCRIBER)


def adult(**other) -> dict:
    source = {"id": policies.SOURCE, "where": "Main Street"}
    line = {"criterion": "adult", "when": "screening", "strength": "absolute", "override": "none", "with": {}}
    return line | {"bounds": {"years": "21 a"}, "source": source, "standing": "local_policy"} | other


def ask_more(site: Site, by: Person, line: dict | None, **other) -> Stricter:
    told = {"id": US, "criterion": "adult", "when": "screening", "line": line, "seen": here(site).protocol.digest}
    told |= {"reason": "our insurer", "site": site, "by": by, "at": SOON, "key": ids.new()}
    return actions.ask_more(**{**told, **other})


def here(site: Site) -> policies.Here:
    return policies.here(US, policies.lines_of([site.id]).get((site.id, US), []), as_of=NOW.date())


def in_force(site: Site) -> bool:
    last = queries.newest([site.id]).get((site.id, US))
    return queries.in_force(last, digest=here(site).protocol.digest) is not None


def test_a_stricter_line_asks_for_adoption_again_and_holds_at_its_site_alone(site, doctor) -> None:
    adopt(site, doctor)
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    row = ask_more(site, doctor, adult())
    assert (here(site).protocol.digest != DIGEST, here(other).protocol.digest) == (True, DIGEST)
    assert not in_force(site)
    adopted = adopt(site, doctor, digest=here(site).protocol.digest)
    assert in_force(site)
    assert adopted.overlay_digest == here(site).overlay_digest
    assert json.loads(adopted.lines)[1]["bounds"] == {"years": "21 a"}
    assert Entry.objects.get(action="policy_laid").object_id == row.id


def test_lifting_it_is_a_row_of_its_own_and_brings_the_first_adoption_back(site, doctor) -> None:
    adopt(site, doctor)
    first = ask_more(site, doctor, adult())
    last = ask_more(site, doctor, None, reason="insurer changed")
    assert (last.replaces, last.line) == (first, "")
    assert in_force(site), "the wording is the one that was adopted"
    with pytest.raises(Refused, match="Nothing would change"):
        ask_more(site, doctor, None)
    assert ask_more(site, doctor, adult(bounds={"years": "25 a"})).replaces == last


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (adult(bounds={"years": "17 a"}), "age may only become higher, not 17 a instead of 18 a"),
        (adult(strength="caution"), "caution is weaker than absolute"),
        (adult(override="prescriber"), "weaker than no exception possible"),
        (adult(bounds={"years": "18 a"}), "Nothing would change"),
        (adult(bounds={"years": "21 mo"}), "no longer fits"),
    ],
)
def test_what_would_loosen_is_refused_with_the_sentence_of_the_knowledge(site, doctor, line, says) -> None:
    with pytest.raises(Refused) as caught:
        ask_more(site, doctor, line)
    assert says in caught.value.sentence("en")
    assert re.search("[\u4e00-\u9fff]", caught.value.sentence("zh-hans"))
    assert not Stricter.objects.exists()


def test_it_needs_a_reason_a_prescriber_of_the_site_and_what_was_seen(site, doctor, person) -> None:
    with pytest.raises(Refused, match="Say why"):
        ask_more(site, doctor, adult(), reason=" ")
    with pytest.raises(Forbidden):
        ask_more(site, person("lee", Role.NURSE), adult())
    with pytest.raises(Conflict, match="has changed since"):
        ask_more(site, doctor, adult(), seen="0" * 64)


def test_a_double_click_lays_it_once(site, doctor) -> None:
    key, seen = ids.new(), DIGEST
    assert ask_more(site, doctor, adult(), key=key, seen=seen) == ask_more(site, doctor, adult(), key=key, seen=seen)
    with pytest.raises(Conflict):
        ask_more(site, doctor, adult(bounds={"years": "30 a"}), key=key, seen=seen)


def test_no_row_of_it_can_be_changed(site, doctor) -> None:
    row = ask_more(site, doctor, adult())
    for change in (
        lambda: Stricter.objects.filter(pk=row.pk).update(line=""),
        lambda: Stricter.objects.all()._raw_delete("default"),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()


def test_when_the_protocol_overtakes_the_policy_nothing_is_adopted_and_everybody_is_told(
    site, doctor, monkeypatch
) -> None:
    adopt(site, doctor)
    ask_more(site, doctor, adult())
    adopt(site, doctor, digest=here(site).protocol.digest)
    another_wording(monkeypatch, bounds={"years": "25 a"})
    found = here(site)
    assert (found.unfit, len(found.reasons)) == (True, 1)
    with pytest.raises(Refused, match="no longer fits") as caught:
        adopt(site, doctor, digest=found.protocol.digest)
    assert "age may only become higher, not 21 a instead of 25 a" in caught.value.sentence("en")
    page = signed_in(doctor).get("/clinic/protocols/", secure=True).content.decode()
    assert "own policy no longer fits" in page
    ask_more(site, doctor, adult(bounds={"years": "30 a"}))
    assert not here(site).unfit


def hidden(text: str, name: str) -> str:
    return re.search(f'name="{name}" value="([^"]*)"', text).group(1)


def test_the_page_leads_from_the_list_to_the_form_and_back_to_adoption(site, doctor) -> None:
    browser = signed_in(doctor)
    listed = browser.get(PAGE, {"site": site.id}, secure=True).content.decode()
    assert "asks for nothing beyond the protocol" in listed
    text = browser.get(PAGE, {"site": site.id, "criterion": "adult", "when": "screening"}, secure=True).content.decode()
    assert 'name="bound-years"' in text
    assert "may become: higher" in text
    form = {name: hidden(text, name) for name in ("key", "site", "digest", "criterion", "when")}
    form |= {"strength": "absolute", "override": "none", "reason": "our <b>insurer</b>", "act": "lay"}
    wrong = browser.post(PAGE, form | {"bound-years": "17"}, secure=True)
    assert wrong.status_code == 422
    assert "age may only become higher" in wrong.content.decode()
    assert "our &lt;b&gt;insurer&lt;/b&gt;" in wrong.content.decode(), "what was typed comes back"
    assert 'value="17"' in wrong.content.decode()
    assert "is not a number" in browser.post(PAGE, form | {"bound-years": "many"}, secure=True).content.decode()
    done = browser.post(PAGE, form | {"bound-years": "21"}, secure=True)
    assert (done.status_code, done["Location"]) == (302, f"/clinic/protocols/{US}/adopt/")
    again = browser.get(done["Location"], secure=True).content.decode()
    assert "since 2" in again
    assert "our &lt;b&gt;insurer&lt;/b&gt;" in again


def test_a_criterion_that_the_protocol_does_not_ask_for_can_be_added(site, doctor) -> None:
    browser = signed_in(doctor)
    text = browser.get(PAGE, {"site": site.id, "criterion": "no_bladder_symptoms"}, secure=True).content.decode()
    form = {name: hidden(text, name) for name in ("key", "site", "digest", "criterion", "when")}
    form |= {"strength": "caution", "override": "prescriber", "valid_for": "history", "reason": "urology asks"}
    assert browser.post(PAGE, form, secure=True).status_code == 302
    added = {c.name for c in here(site).protocol.criteria} - {c.name for c in protocol(US, as_of=NOW.date()).criteria}
    assert added == {"no_bladder_symptoms"}


def test_the_page_needs_a_step_up_and_ones_own_site(site, doctor) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    browser = signed_in(doctor, began=time.time() - 3600)
    assert browser.get(PAGE, {"site": other.id}, secure=True).status_code == 404
    form = {"site": site.id, "criterion": "adult", "when": "screening", "digest": DIGEST, "bound-years": "21"}
    form |= {"strength": "absolute", "override": "none", "reason": "x", "key": ids.new(), "confirm": "wrong"}
    assert browser.post(PAGE, form, secure=True).status_code == 422
    assert not Stricter.objects.exists()
