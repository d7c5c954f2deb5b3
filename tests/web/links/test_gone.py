"""Does whoever opens a link that opens nothing any more read whom to call, and what became of what they sent?"""

from __future__ import annotations

import html
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from daybreak.web import ids
from daybreak.web.links import actions, gone
from daybreak.web.links.models import ASK, READERS, Link
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.shown import COOKIE
from daybreak.web.links.tokens import token
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.words import word
from tests.web.conftest import browser
from tests.web.patients.samples import registered

PHONE = "+1 555 0100"


@pytest.fixture
def make(site, person):
    """A link about Anna Keller, whose site has a number."""
    Site.objects.filter(pk=site.pk).update(phone=PHONE, hours="Mon–Fri 9–17")
    patient = registered(site, person("fay", Role.FRONT_DESK))
    about = {"subject": patient.id, "organisation_id": patient.organisation_id, "by": None}
    return lambda purpose, **told: actions.make(purpose=purpose, **about, **{"at": datetime.now(UTC), **told})


def read(answer) -> str:
    assert answer.status_code == 404
    said = html.unescape(answer.content.decode())
    assert word("links.gone", "en") in said or word("links.gone", "zh-hans") in said
    assert "tel:988" in said, "the numbers of the crisis card"
    assert "Keller" not in said
    return said


def test_a_genuine_link_that_ended_says_how_to_reach_the_clinic_and_any_other_the_same_without_it(make) -> None:
    over = make(READERS, at=datetime.now(UTC) - timedelta(days=30))
    used = make(READERS, uses=1)
    actions.use(token(used), at=used.created)
    back = make(READERS)
    actions.revoke(back, by=None, at=back.created)
    unknown = read(browser().post(f"/l/{'x' * 43}/", secure=True))
    assert PHONE not in unknown
    for link in (over, used, back):
        said = read(browser().post(f"/l/{token(link)}/", secure=True))
        assert PHONE in said
        assert "Mon–Fri 9–17" in said
        assert word("links.unusable", "en") in said
        assert word("links.unusable", "en") in unknown
        assert word("links.not_kept", "en") not in said, "opening it sends nothing"


@pytest.mark.parametrize(("language", "ended"), [("en", "revoked"), ("zh-hans", "expired"), ("en", "waited")])
def test_what_was_typed_when_the_link_ended_is_shown_again_and_said_not_to_be_kept(make, language, ended) -> None:
    now = datetime.now(UTC)
    link = make(ASK, at=now - timedelta(days=3), lasts=timedelta(days=1 if ended == "expired" else 60))
    if ended == "revoked":
        actions.revoke(link, by=None, at=now)
    client = browser()
    client.post("/language/", {"language": language}, secure=True)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(time, "time", lambda: (now - timedelta(minutes=31)).timestamp())
        client.cookies[COOKIE] = signing.dumps(str(link.id), salt=f"link.{ASK}")
    why = {"revoked": "closed_taken_back", "expired": "closed_expired", "waited": "closed_waited"}[ended]
    said = read(client.post("/ask/", {"kind": "correction", "text": "<b>My dose</b> is wrong"}, secure=True))
    assert '<p class="card as-typed"><bdi><b>My dose</b> is wrong' in said
    for id in (f"forms.{why}", "links.not_kept", "links.call"):
        assert word(id, language) in said
    assert PHONE in said
    assert word("links.not_kept", language) not in read(client.get("/ask/", secure=True))
    del client.cookies[COOKIE]
    assert PHONE not in read(client.post("/ask/", {"text": "again"}, secure=True)), "nobody else learns it"


@pytest.mark.parametrize("purpose", [id for id, one in PURPOSES.items() if one.subjects])
def test_each_purpose_about_a_patient_says_where_its_site_is(db, purpose) -> None:
    assert PURPOSES[purpose].site
    assert gone.phones(Link(purpose=purpose, subject=ids.new())) == []
