"""Can an administrator look after people and places, and nobody else, and nobody by accident?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.links.models import Link
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import letter
from daybreak.web.outbox.models import Message
from daybreak.web.people import actions, grants, naming, queries, second_factor
from daybreak.web.people.models import Naming, Organisation, Person, RoleGrant, Room, Site
from daybreak.web.people.permissions import Permission, may
from daybreak.web.people.roles import Role
from daybreak.web.presence.models import Passkey, Pin
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from tests.web.conftest import browser, signed_in

PASSWORD = "six words that nobody would guess"


@pytest.fixture
def ada(person) -> Person:
    """An administrator who has set up her access."""
    return set_up(person("ada", Role.ADMINISTRATOR))


@pytest.fixture
def harbour(site) -> Site:
    return actions.found(organisation="Dawn", site="Harbour", rooms=[], at=now())


def set_up(someone: Person) -> Person:
    someone.password = make_password(PASSWORD)
    someone.save(update_fields=["password"])
    return someone


def now() -> datetime:
    return datetime.now(UTC)


def post(client, path, **told):
    return client.post(path, {"key": str(ids.new()), "confirm": PASSWORD, **told}, secure=True)


def text(page) -> str:
    return html.unescape(page.content.decode())


def test_somebody_is_invited_and_comes_in(ada, site) -> None:
    client = signed_in(ada)
    told = {"name": "Lee Moss", "login": "l.moss", "language": "zh-Hans", "site": str(site.id), "role": ["nurse"]}
    shown = post(client, "/clinic/people/invite/", **told)
    where = re.search(r"https://clinic\.example\.org(/l/[^/]+/)", text(shown))[1]
    lee = Person.objects.get(login="l.moss")
    assert (lee.display_name, lee.language) == ("Lee Moss", "zh-Hans")
    assert Entry.objects.get(action="person_invited", object_id=lee.id).who == ada.id
    assert where not in text(client.get(f"/clinic/people/{lee.id}/", secure=True)), "it is shown once"
    assert browser().post(where, secure=True).url == "/join/"
    people = text(client.get("/clinic/people/", secure=True))
    assert "Nurse at Main Street" in people
    assert "invited, not set up yet" in people


def test_the_same_form_sent_twice_invites_once(ada, site) -> None:
    told = {"name": "Lee", "login": "lee", "language": "en", "site": str(site.id), "role": ["nurse"]}
    told |= {"key": str(ids.new()), "confirm": PASSWORD}
    pages = [signed_in(ada).post("/clinic/people/invite/", told, secure=True) for _ in range(2)]
    links = {re.search(r"/l/[^/]+/", text(page))[0] for page in pages}
    assert len(links) == Link.objects.filter(subject=Person.objects.get(login="lee").id).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"login": "ada"}, "is taken"),
        ({"role": []}, "at least one role"),
        ({"role": ["emperor"]}, "at least one role"),
        ({"site": "nowhere"}, "one of the sites"),
        ({"name": " "}, "Give both"),
        ({"language": "tlh"}, "not one of our languages"),
    ],
)
def test_an_invitation_that_cannot_be_comes_back_filled(ada, site, wrong, said) -> None:
    told = {"name": "Lee", "login": "lee", "language": "en", "site": str(site.id), "role": ["nurse"], **wrong}
    page = post(signed_in(ada), "/clinic/people/invite/", **told)
    assert page.status_code == 422
    assert said in text(page)
    assert f'value="{told["login"]}"' in text(page)
    assert Person.objects.count() == 1


def test_a_role_is_given_for_a_time_and_ended(ada, person, site) -> None:
    lee, client = person("lee", Role.NURSE), signed_in(ada)
    where = f"/clinic/people/{lee.id}/"
    told = {"do": "give", "role": "evaluator", "site": str(site.id)}
    assert "not a day" in text(post(client, where, **told, starts="soon"))
    assert "before it begins" in text(post(client, where, **told, starts="2999-02-01", last="2999-01-01"))
    assert post(client, where, **told, starts="2999-01-01", last="2999-01-31").status_code == 302
    grant = RoleGrant.objects.get(role="evaluator")
    assert (grant.starts.isoformat(), grant.ends.isoformat()) == (
        "2999-01-01T00:00:00+00:00",
        "2999-02-01T00:00:00+00:00",
    )
    assert "2999-01-01 to 2999-01-31" in text(client.get(where, secure=True))
    assert "already holds" in text(post(client, where, **told, starts="2999-01-20"))
    nurse = RoleGrant.objects.get(role="nurse")
    again = {"do": "end", "grant": str(nurse.id), "key": str(nurse.id)}
    assert [client.post(where, again, secure=True).status_code for _ in range(2)] == [302, 302]
    assert not may(lee, Permission.READ_PATIENTS, at=now())
    assert RoleGrant.objects.filter(role="nurse").count() == 2, "the version before stays, and there is one after it"
    late = post(client, where, do="end", grant=str(nurse.id))
    assert (late.status_code, "ended in the meantime" in text(late)) == (409, True)


def test_nobody_gives_a_role_to_themselves(ada, person, site) -> None:
    for refused in (
        lambda: grants.grant_role(ada, Role.PRESCRIBER, site=site, by=ada, at=now()),
        lambda: grants.enable(ada, by=ada, at=now()),
    ):
        with pytest.raises(Refused, match="Another administrator can"):
            refused()
    second = set_up(person("bo", Role.ADMINISTRATOR))
    grants.grant_role(ada, Role.PRESCRIBER, site=site, by=second, at=now())
    assert may(ada, Permission.SIGN_SCREENING, at=now(), site_id=site.id)


def test_the_last_administrator_stays(ada, person, site) -> None:
    own = RoleGrant.objects.get(person=ada)
    with pytest.raises(Refused, match="Nobody else looks after Main Street"):
        grants.end_role(own, by=ada, at=now(), key=ids.new())
    bo = person("bo", Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="who has set up their access"):
        grants.disable(ada, by=bo, at=now())
    set_up(bo)
    grants.disable(ada, by=bo, at=now())
    with pytest.raises(Forbidden):
        grants.disable(bo, by=ada, at=now())
    grants.disable(bo, by=None, at=now())  # the operator can make another one


def test_access_is_taken_and_given_back(ada, person, site) -> None:
    lee = person("lee", Role.NURSE, Role.EVALUATOR)
    client, theirs = signed_in(ada), signed_in(lee)
    where = f"/clinic/people/{lee.id}/"
    assert theirs.get("/patients/", secure=True).status_code == 200
    assert post(client, where, do="disable").status_code == 302
    assert theirs.get("/patients/", secure=True).status_code == 403
    assert "Give these roles back" in text(client.get(where, secure=True))
    assert [post(client, where, do="enable").status_code for _ in range(2)] == [302, 302]
    assert sorted(grant.role for grant in queries.grants_in_force(lee, at=now())) == ["evaluator", "nurse"]
    assert theirs.get("/patients/", secure=True).status_code == 200


def test_roles_are_changed_after_a_step_up_only(ada, person) -> None:
    lee = person("lee", Role.NURSE)
    client = signed_in(ada, began=now().timestamp() - 600)
    where = f"/clinic/people/{lee.id}/"
    for path in (where, "/clinic/people/invite/", "/clinic/places/"):
        assert 'name="confirm"' in text(client.get(path, secure=True))
    before = RoleGrant.objects.count(), Link.objects.count()
    assert post(client, where, do="disable", confirm="").status_code == 422
    assert post(client, where, do="renew", confirm="wrong").status_code == 422
    assert post(client, "/clinic/people/invite/", login="eve", name="Eve", language="en", confirm="").status_code == 422
    assert (RoleGrant.objects.count(), Link.objects.count()) == before
    assert post(client, where, do="disable", confirm="six words that nobody would guess").status_code == 302


def test_an_administrator_of_another_site_can_do_nothing_here(ada, person, site) -> None:
    harbour = naming.add_site("Harbour", by=ada, at=now(), key=ids.new())
    hal = person("hal", Role.ADMINISTRATOR, at_site=harbour)
    lee = person("lee", Role.NURSE)
    for refused in (
        lambda: grants.grant_role(lee, Role.EVALUATOR, site=site, by=hal, at=now()),
        lambda: grants.end_role(RoleGrant.objects.get(person=lee), by=hal, at=now(), key=ids.new()),
        lambda: grants.disable(lee, by=hal, at=now()),
        lambda: naming.add_room(site, "X", by=hal, at=now(), key=ids.new()),
        lambda: naming.change(site, name="X", seen=site.id, by=hal, at=now(), key=ids.new()),
    ):
        with pytest.raises(Forbidden):
            refused()
    page = text(signed_in(hal).get(f"/clinic/people/{lee.id}/", secure=True))
    assert "Main Street" in page
    assert f'value="{site.id}"' not in page


def test_an_administrator_sees_no_patient(ada, person, site) -> None:
    from tests.web.patients import samples

    samples.make(site, person("ines", Role.PRESCRIBER))
    client = signed_in(ada)
    for path in ("/clinic/people/", "/clinic/places/", "/audit/"):
        assert "Keller" not in text(client.get(path, secure=True))
    assert client.get("/patients/", secure=True).status_code == 403
    assert client.get(f"/patients/{samples.PATIENT}/", secure=True).status_code == 403


def test_a_place_keeps_every_name_it_had(ada, site) -> None:
    client = signed_in(ada)
    room = Room.objects.get()
    for do, of, told in (
        ("site", site, {"name": "High Street"}),
        ("room", room, {"name": "Room 1a", "closed": "yes"}),
        ("organisation", Organisation.objects.get(), {"name": "Dusk", "country": "cn"}),
    ):
        seen = naming.newest(of.id).id
        assert post(client, "/clinic/places/", do=do, of=str(of.id), seen=str(seen), **told).status_code == 302
    assert Site.objects.get().name == "High Street"
    assert Room.objects.get().closed is not None
    assert (Organisation.objects.get().name, Organisation.objects.get().country) == ("Dusk", "CN")
    names = [row.name for row in Naming.objects.filter(of=site.id).order_by("created")]
    assert names == ["Main Street", "High Street"]
    assert {"site_renamed", "room_closed", "organisation_renamed"} <= set(
        Entry.objects.values_list("action", flat=True)
    )


def test_two_administrators_rename_at_once(ada, site) -> None:
    seen = naming.newest(site.id).id
    key = ids.new()
    first = naming.change(site, name="High Street", seen=seen, by=ada, at=now(), key=key)
    assert naming.change(site, name="High Street", seen=seen, by=ada, at=now(), key=key) == first
    with pytest.raises(Conflict, match="it is now called “High Street”"):
        naming.change(site, name="Low Street", seen=seen, by=ada, at=now(), key=ids.new())


def test_nothing_new_begins_at_a_closed_site(ada, person, site) -> None:
    change = {"seen": naming.newest(site.id).id, "by": ada, "at": now(), "key": ids.new()}
    with pytest.raises(Refused, match="the only open site"):
        naming.change(site, name=site.name, closed=True, **change)
    naming.add_site("Harbour", by=ada, at=now(), key=ids.new())
    naming.change(site, name=site.name, closed=True, **change)
    site.refresh_from_db()
    lee = person("lee", Role.NURSE, at_site=Site.objects.get(name="Harbour"))
    with pytest.raises(Refused, match="is closed"):
        grants.grant_role(lee, Role.NURSE, site=site, by=ada, at=now())
    with pytest.raises(Refused, match="is closed"):
        naming.add_room(site, "Room 2", by=ada, at=now(), key=ids.new())


@pytest.mark.parametrize("told", [{}, {"do": "x"}, {"do": "site"}, {"do": "site", "of": "x", "seen": "x"}])
def test_a_form_that_says_nothing_is_refused(ada, told) -> None:
    assert post(signed_in(ada), "/clinic/places/", **told).status_code == 422
    assert post(signed_in(ada), f"/clinic/people/{ada.id}/", **told).status_code == 422


def test_the_pages_ask_the_database_as_often_for_many(ada, invited) -> None:
    client = signed_in(ada)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path, secure=True).status_code == 200
        return len(found)

    paths = ("/clinic/people/", f"/clinic/people/{ada.id}/", "/clinic/places/")
    few = [asked(path) for path in paths]
    for number in range(12):
        invited(f"p{number}", Role.NURSE, Role.EVALUATOR)
    assert [asked(path) for path in paths] == few
    assert max(few) <= 15


def test_one_administrator_alone_makes_nobody_who_reads_patients(ada, person, site, harbour) -> None:
    ines, nurse = set_up(person("ines", Role.PRESCRIBER)), person("nora", Role.NURSE)
    far = person("fay", Role.PRESCRIBER, at_site=harbour)
    told = {"name": "Eve", "login": "eve", "language": "en", "site": str(site.id), "role": ["prescriber"]}
    client = signed_in(ada)
    assert post(client, "/clinic/people/invite/", **told, confirm="").status_code == 422, "asked anew, however fresh"
    assert not Task.objects.exists()
    shown = text(post(client, "/clinic/people/invite/", **told))
    assert "opens nothing before another" in shown
    address = re.search(r"https://clinic\.example\.org(/l/[^/]+/)", shown)[1]
    eve = Person.objects.get(login="eve")
    link = Link.objects.get(subject=eve.id)
    where = f"/ways-in/{link.id}/"
    invitee = browser()
    assert invitee.post(address, secure=True).url == "/join/"
    assert "has to accept this first" in text(invitee.get("/join/", secure=True))
    code = pyotp.TOTP(second_factor.secret(nonce=link.id)).at(now())
    with pytest.raises(Refused, match="has to accept this first"):
        actions.join(link, password="seven words nobody at all would guess", code=code, at=now())
    assert post(client, where, do="accept").status_code == 403, "who made it does not accept it"
    assert post(signed_in(nurse), where, do="accept").status_code == 403
    assert post(signed_in(far), where, do="accept").status_code == 404
    second = signed_in(ines)
    assert "Ada made a way in for Eve" in text(second.get("/tasks/", secure=True))
    assert "Ada made a way in" not in text(client.get("/tasks/", secure=True))
    assert "Prescriber at Main Street" in text(second.get(where, secure=True))
    late = signed_in(ines, began=now().timestamp() - 600)
    assert post(late, where, do="accept", confirm="").status_code == 422
    assert [post(second, where, do="accept").status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.get(action="link_accepted").who == ines.id
    assert "Ada made a way in" not in text(second.get("/tasks/", secure=True))
    assert browser().post(address, secure=True).url == "/join/", "what was opened too early is not used up"
    assert actions.join(link, password="seven words nobody at all would guess", code=code, at=now())


def test_a_way_in_that_is_not_right_ends_and_nobody_is_got_rid_of_to_be_alone(ada, person, site) -> None:
    ines, nurse = set_up(person("ines", Role.PRESCRIBER)), person("nora", Role.NURSE)
    client = signed_in(ada)
    grants.disable(ines, by=ada, at=now())
    assert post(client, f"/clinic/people/{nurse.id}/", do="renew", confirm="").status_code == 422
    assert post(client, f"/clinic/people/{nurse.id}/", do="renew").status_code == 200
    link = Link.objects.filter(subject=nurse.id).latest("created")
    with pytest.raises(Refused, match="has to accept this first"):
        actions.join(link, password="seven words nobody at all would guess", code="1", at=now())
    bo = signed_in(set_up(person("bo", Role.ADMINISTRATOR)))
    assert post(bo, f"/ways-in/{link.id}/", do="refuse").status_code == 302
    assert post(bo, f"/ways-in/{link.id}/", do="accept").status_code == 422
    assert "opens nothing any more" in text(bo.get(f"/ways-in/{link.id}/", secure=True))
    operators = actions.renew_access(nurse, by=None, at=now())
    code = pyotp.TOTP(second_factor.secret(nonce=operators.id)).at(now())
    assert actions.join(operators, password="seven words nobody at all would guess", code=code, at=now())


def test_a_role_for_somebody_who_is_here_is_told_to_those_who_answer_for_the_site(ada, person, site) -> None:
    ines, nurse = person("ines", Role.PRESCRIBER), person("nora", Role.NURSE)
    for role in ("evaluator", "researcher"):
        assert (
            post(signed_in(ada), f"/clinic/people/{nurse.id}/", do="give", role=role, site=site.id).status_code == 302
        )
    task = Task.objects.get()
    assert task.owner == ines
    assert "Ada gave Nora a role here that reads patients" in text(signed_in(ines).get("/tasks/", secure=True))
    for one in (ada, nurse):
        assert "gave Nora" not in text(signed_in(one).get("/tasks/", secure=True))


def test_a_new_way_in_is_mailed_to_whom_it_is_for(ada, person, site, monkeypatch) -> None:
    nurse = person("nora", Role.NURSE)
    outbox.set_address(nurse, "nora@example.org", at=now(), key=ids.new())
    monkeypatch.setattr(outbox, "channel", lambda: "smtp")
    page = text(post(signed_in(ada), f"/clinic/people/{nurse.id}/", do="renew"))
    assert "was mailed" in page
    assert "/l/" not in page
    message = Message.objects.get(link__isnull=False)
    assert (message.to, message.link.subject) == ("nora@example.org", nurse.id)
    mail = letter(message, repeat=False)
    assert "/l/" in mail.get_content()
    assert "Nora" not in str(mail["Subject"])


def with_devices(someone: Person) -> None:
    common = {"organisation_id": someone.organisation_id, "created": now(), "person": someone}
    Passkey.objects.create(
        id=ids.new(), name="phone", credential_id=someone.id.bytes, credential=b"x", counter=0, **common
    )
    Pin.objects.create(id=ids.new(), hashed=make_password("271828"), **common)


def test_who_comes_in_anew_leaves_the_lost_devices_behind(ada, person, site) -> None:
    nurse, at = person("nora", Role.NURSE), now()
    with_devices(nurse)
    link = actions.renew_access(nurse, by=ada, at=at)
    assert Passkey.objects.exists(), "until the link is used everything stays"
    code = pyotp.TOTP(second_factor.secret(nonce=link.id)).at(at)
    actions.join(link, password="seven words nobody at all would guess", code=code, at=at)
    assert not Passkey.objects.exists()
    assert not Pin.objects.exists()
    assert {"passkey_removed", "pin_ended"} <= set(Entry.objects.filter(who=nurse.id).values_list("action", flat=True))


def test_an_administrator_ends_the_passkeys_of_somebody_of_the_site_alone(ada, person, harbour) -> None:
    nurse = person("nora", Role.NURSE)
    with_devices(nurse)
    hal = signed_in(set_up(person("hal", Role.ADMINISTRATOR, at_site=harbour)))
    assert post(hal, f"/clinic/people/{nurse.id}/", do="passkeys").status_code == 403
    assert "Passkeys: 1" in text(signed_in(ada).get(f"/clinic/people/{nurse.id}/", secure=True))
    assert post(signed_in(ada), f"/clinic/people/{nurse.id}/", do="passkeys").status_code == 302
    assert not Passkey.objects.exists()
    assert Entry.objects.get(action="passkey_removed").who == ada.id
