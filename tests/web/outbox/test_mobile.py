"""Does an urgent call leave by two ways, so that one may be shut, and is the one that is shut seen?"""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes

import pytest
from django.conf import settings as configured

from daybreak.web import ids
from daybreak.web.outbox import actions, queries
from daybreak.web.outbox.delivery import deliver
from daybreak.web.outbox.letters import WAITS
from daybreak.web.outbox.models import SMTP, TEXT_FILE, Message
from daybreak.web.place import Texts
from daybreak.web.refusals import Refused
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in

PHONE = "+12125550100"


@pytest.fixture
def texts(settings, mail_server):
    """A mail server that nobody runs, and texts as files for whoever sends them."""
    mail_server(1)
    settings.PLACE = replace(settings.PLACE, texts=Texts(""))


def urgent(someone, **told):
    told = {"about": ids.new(), "at": NOW, "organisation_id": someone.organisation_id, "urgent": True, **told}
    return actions.post(someone, WAITS, **told)


def test_a_text_leaves_although_no_mail_does_and_the_mail_that_does_not_is_still_said(lee, texts) -> None:
    actions.set_address(lee, "lee@example.org", mobile=PHONE, at=NOW, key=ids.new())
    mail = urgent(lee)
    assert mail is not None
    assert {(one.channel, one.to) for one in Message.objects.all()} == {(SMTP, "lee@example.org"), (TEXT_FILE, PHONE)}
    assert deliver(NOW) == 1
    (file,) = configured.PLACE.outbox.glob("*.text")
    said = message_from_bytes(file.read_bytes())
    assert said["To"].startswith(PHONE.lstrip("+"))
    text = said.get_payload(decode=True).decode().strip()
    assert text == word("outbox.text_urgent", "en", page="")
    assert [one.pk for one in queries.held_up([mail.about], at=NOW)] == [mail.pk]


@pytest.mark.parametrize("why", ["not urgent", "no phone", "no gateway"])
def test_otherwise_it_is_a_mail_alone(lee, texts, settings, why) -> None:
    actions.set_address(lee, "lee@example.org", mobile="" if why == "no phone" else PHONE, at=NOW, key=ids.new())
    if why == "no gateway":
        settings.PLACE = replace(settings.PLACE, texts=None, profile="clinic")
    urgent(lee, urgent=why != "not urgent")
    assert [one.channel for one in Message.objects.all()] == [SMTP]


def test_a_phone_is_a_whole_number_beside_a_mail_address(lee) -> None:
    with pytest.raises(Refused, match="Give a mail address"):
        actions.set_address(lee, "", mobile=PHONE, at=NOW, key=ids.new())
    client = signed_in(lee)
    sent = {"email": "lee@example.org", "mobile": "555 0100", "key": ids.new()}
    refused = client.post("/me/address/", sent, secure=True)
    assert refused.status_code == 422
    assert 'value="555 0100"' in refused.content.decode()
    assert client.post("/me/address/", {**sent, "mobile": "00 1 (212) 555-0100"}, secure=True).status_code == 302
    now = queries.address(lee)
    assert now is not None
    assert (now.email, now.mobile) == ("lee@example.org", PHONE)
    assert PHONE in client.get("/me/address/", secure=True).content.decode()
