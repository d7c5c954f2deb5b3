"""Does a card say what the records of a site answer, is it signed by a named person, and does one other byte undo it?"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from daybreak.cli.main import main
from daybreak.clinical.clinic.quality import Count, Said
from daybreak.knowledge import card
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.card import actions, counts, followed, queries
from daybreak.web.card.models import Card, Stated
from daybreak.web.card.treated import Treated, treated
from daybreak.web.courses.models import CourseEnd
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.card.samples import SLUG, make
from tests.web.conftest import NOW, browser, signed_in
from tests.web.rems.samples import over
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)
PAGE = "/clinic/card/"


@pytest.fixture
def roe(person):
    return person("roe", Role.PRESCRIBER)


def shown(site, by, at=NOW) -> dict:
    answered = queries.answered(site, at=at)
    return queries.document(site, answered, by=by.display_name, slug=queries.slug(site), at=at)


def publish(site, by, *, at=NOW, seen: str | None = None, key=None) -> Card:
    told = {"seen": actions.digest_of(shown(site, by, at)) if seen is None else seen}
    return actions.publish(site, by=by, at=at, key=key or ids.new(), **told)


def state(site, by, measure="emergency-equipment", *, at=NOW, **other) -> Stated:
    told = {"text": "Oxygen and a defibrillator.", "evidence": "list of 3 March", "until": at.date() + 30 * DAY}
    return actions.state(site, measure, by=by, at=at, key=ids.new(), **told | other)


def of(site, at: datetime) -> Treated:
    return treated(site, at.date() - DAY, at.date() + DAY)


def counted(site, at: datetime) -> dict[str, Count]:
    return {**counts.counts(of(site, at), at=at), **followed.counts(of(site, at), at=at)}


def test_one_treatment_is_counted_for_each_measure_as_it_is_on_record(session, nurse, noon, site) -> None:
    ended = over(session, nurse, noon)
    found = counted(site, ended)
    one = Count(1, 1)
    for measure in ("decision-signed", "same-prescriber", "numbers-treated", "within-rules", "state-charted"):
        assert found[measure] == one, measure
    for measure in (
        "letter-before",
        "by-vein",
        "monitor-connected",
        "registry-volunteers",
        "heard-next-day",
        "to-hospital",
    ):
        assert found[measure] == Count(0, 1), measure
    assert found["serious-events"] == Count(0, 1, 1), "whom nobody heard of again may have had one"
    assert found["response-after"] == Count(0, 1, 1)
    assert found["assessment-minutes"] == Count(of=1)
    assert found["pump-connected"] == found["dose-changed"] == found["complaints-answered"] == Count()
    assert found["days-between"] == found["treatments-in-course"] == found["days-to-answer"] == Count()
    counting = {one.id for one in card.asked().values()} - set(card.stated())
    assert set(found) == counting, "each measure is counted, and nothing that no question asks"


def test_a_course_that_ended_counts_its_treatments(session, nurse, noon, site, doctor) -> None:
    ended = over(session, nurse, noon)
    about = {"organisation_id": site.organisation_id, "created": ended, "by": doctor, "reason": "completed"}
    CourseEnd.objects.create(id=ids.new(), course=session.course, **about)
    found = counted(site, ended)
    assert (found["treatments-in-course"], found["letter-after"]) == (Count(of=1, values=(1,)), Count(0, 1))


def test_a_site_without_records_has_no_good_answer(site) -> None:
    for one in queries.answered(site, at=NOW):
        assert one.said is Said.NOT_RECORDED, one.question
        assert (one.first, one.last) == (date(2026, 9, 30) - timedelta(days=1825), date(2026, 9, 30))


def test_a_statement_has_its_name_its_evidence_and_its_end(site, roe, person) -> None:
    row = state(site, roe)
    (found,) = [one for one in queries.answered(site, at=NOW) if one.measure == row.measure]
    assert (found.said, found.statement.by, found.statement.evidence) == (Said.STATED, "Roe", "list of 3 March")
    (later,) = [one for one in queries.answered(site, at=NOW + 31 * DAY) if one.measure == row.measure]
    assert later.said is Said.EXPIRED
    assert Entry.objects.filter(action="card_stated", object_id=row.id).exists()
    for wrong in (
        {"text": ""},
        {"evidence": "x" * 501},
        {"until": NOW.date()},
        {"until": None},
        {"until": NOW.date() + 367 * DAY},
    ):
        with pytest.raises(Refused):
            state(site, roe, **wrong)
    with pytest.raises(Refused):
        state(site, roe, "by-vein")
    with pytest.raises(Forbidden):
        state(site, person("lee", Role.NURSE))
    with pytest.raises(DatabaseError), transaction.atomic():
        Stated.objects.filter(pk=row.pk).update(text="more")


def test_a_named_person_publishes_what_was_shown_once(site, roe, person) -> None:
    key = ids.new()
    row = publish(site, roe, key=key)
    assert publish(site, roe, key=key) == row
    assert Entry.objects.filter(action="card_published", object_id=row.id, who=roe.id).count() == 1
    with pytest.raises(Conflict):
        publish(site, roe, seen="0" * 64)
    with pytest.raises(Forbidden):
        publish(site, person("lee", Role.NURSE))
    with pytest.raises(DatabaseError), transaction.atomic():
        Card.objects.filter(pk=row.pk).delete()


def test_without_a_key_nothing_is_published_and_the_sentence_says_what_to_do(site, roe, monkeypatch) -> None:
    seen = actions.digest_of(shown(site, roe))
    monkeypatch.setattr(settings, "PLACE", replace(settings.PLACE, keys={"signatures": []}))
    with pytest.raises(Refused) as found:
        publish(site, roe, seen=seen)
    assert "daybreak keys rotate signatures" in found.value.sentence("en")
    assert not Card.objects.exists()


def test_strangers_read_it_in_both_languages_without_a_cookie(site, roe) -> None:
    make(site, roe)
    for address in ("/clinics/", f"/clinics/{SLUG}/", f"/clinics/{SLUG}/?lang=zh-hans", f"/clinics/{SLUG}/card.json"):
        answer = browser().get(address, secure=True)
        assert (answer.status_code, dict(answer.cookies)) == (200, {}), address
        assert len(answer.content) < 60_000, address
    page = html.unescape(browser().get(f"/clinics/{SLUG}/?lang=en", secure=True).content.decode())
    for one in card.data()["questions"]:
        assert one["words"]["en"] in page, one["id"]
    assert "a signature does not show that they are true" in page
    assert "未记录" in browser().get(f"/clinics/{SLUG}/?lang=zh-hans", secure=True).content.decode()
    assert browser().get("/clinics/nobody/", secure=True).status_code == 404


def test_the_clinics_stand_by_name_whatever_their_cards_say(site, roe) -> None:
    for name in ("Zeta", "Alpha"):
        Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name=name)
    make(site, roe)
    assert [one.name for one, _ in queries.clinics()] == ["Alpha", "Main Street", "Zeta"]
    names = {field.name for model in (Card, Stated) for field in model._meta.get_fields()}
    assert not [one for one in names if re.search("pay|paid|price|rank|score|rating|order|tier", one)]


def test_one_other_byte_undoes_it_and_a_stale_or_unsigned_one_says_so(site, roe, tmp_path, capsys) -> None:
    row = make(site, roe)
    file = tmp_path / "card.json"
    file.write_bytes(bytes(row.content))
    assert main(["card", "verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert "nobody outside has checked the records" in said
    content = bytes(row.content)
    for place in range(0, len(content), max(1, len(content) // 40)):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert main(["card", "verify", str(file)]) == 1, place
    file.write_text(json.dumps(json.loads(content)["document"]))
    assert main(["card", "verify", str(file)]) == 1
    assert "not signed" in capsys.readouterr().out
    assert main(["card", "verify", str(tmp_path / "none.json")]) == 3
    file.write_bytes(content)
    assert main(["card", "verify", str(file), "--fingerprint", "0000"]) == 1


def test_what_was_changed_in_the_database_is_not_shown_and_what_is_old_says_so(site, roe, monkeypatch) -> None:
    row = make(site, roe)
    later = row.created + card.days("holds") + DAY
    monkeypatch.setattr("daybreak.web.instant.now", lambda: later)
    assert "Out of date" in browser().get(f"/clinics/{SLUG}/", secure=True).content.decode()
    changed = bytes(row.content).replace(b"not_recorded", b"yes", 1)
    Card.objects.create(
        id=ids.new(),
        organisation_id=row.organisation_id,
        created=row.created,
        site=site,
        slug=SLUG,
        content=changed,
        by=roe,
    )
    page = browser().get(f"/clinics/{SLUG}/", secure=True).content.decode()
    assert "was changed since it was signed" in page
    assert card.data()["questions"][0]["words"]["en"] not in html.unescape(page)


def test_the_page_states_previews_and_publishes(site, roe) -> None:
    client: Client = signed_in(roe)

    def sent(**told: str):
        page = client.get(PAGE, secure=True).content.decode()
        keys = re.findall(r'name="key" value="([^"]+)"', page)
        seen = re.search(r'name="seen" value="([^"]+)"', page)
        assert seen
        told = {"key": keys[-1], "site": str(site.id), "seen": seen.group(1), **told}
        return client.post(PAGE, told, secure=True)

    typed = {"does": "state", "measure": "insurance", "text": "We ask your <plan>.", "evidence": "contract"}
    wrong = sent(**typed, until="")
    assert wrong.status_code == 422
    assert "We ask your &lt;plan&gt;." in wrong.content.decode(), "nothing is lost"
    until = datetime.now(NOW.tzinfo).date() + 30 * DAY
    assert sent(**typed, until=until.isoformat()).status_code == 302
    assert sent(does="publish").status_code == 302
    page = browser().get("/clinics/main-street/", secure=True).content.decode()
    assert "We ask your &lt;plan&gt;." in page
    assert Entry.objects.filter(object_type="clinic_card", action="read").exists()
