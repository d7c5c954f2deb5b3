"""What stands in a notice? Nothing about anybody: that something waits, and where to look."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urljoin

from django.conf import settings

from daybreak.web import zones
from daybreak.web.crisis.card import numbers
from daybreak.web.links.tokens import address
from daybreak.web.outbox.models import CRISIS, TEXT_FILE, TEXTS, Message
from daybreak.web.words import word

WAITS = "outbox.waits"  # the sentence of a notice about a task
TEST = "outbox.test"


def letter(message: Message, *, repeat: bool) -> EmailMessage:
    """The mail of a message. `repeat`: an earlier try may have reached the person; its Message-ID is the same."""
    if message.channel in TEXTS:
        return _text(message, repeat=repeat)
    return written(
        message.text,
        to=message.to,
        name=message.person.display_name if message.person else "",
        body=_body(message),
        language=message.language,
        message_id=message.message_id,
        at=message.created,
        repeat=repeat,
    )


def _body(message: Message) -> str:
    """What it says below its subject. Whoever does not work here gets a link, if there is one, and no other address."""
    if message.person and not message.link:
        return ""
    said = message.body or ("reach.with_link" if message.link else "reach.without_link")
    return word(said, message.language, page=address(message.link) if message.link else "")


def written(
    text: str, *, to: str, name: str, language: str, message_id: str, at: datetime, body: str = "", repeat: bool = False
) -> EmailMessage:
    """A mail with that sentence as its subject, to a person, or to nobody yet when they have no address."""
    place = settings.PLACE
    subject = word(text, language)
    body = body or word("outbox.body", language, page=urljoin(place.public_url, "/tasks/"))
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = word("outbox.repeated", language, subject=subject) if repeat else subject
    mail["From"] = Address("Daybreak", addr_spec=place.mail.sender if place.mail else f"daybreak@{place.host}")
    mail["To"] = Address(name, addr_spec=to) if to else Group(name)
    mail["Date"] = at
    mail["Message-ID"] = message_id
    mail["Content-Language"] = language
    mail["Auto-Submitted"] = "auto-generated"
    repeated = word("outbox.repeat_explained", language)
    mail.set_content("\n\n".join([subject, *([repeated] if repeat else []), body]) + "\n", cte="quoted-printable")
    return mail


def _text(message: Message, *, repeat: bool) -> EmailMessage:
    """A text for a phone, as the mail of which a gateway makes one: no subject, no more than a line, the link if there is one."""
    place, language = settings.PLACE, message.language
    page = address(message.link) if message.link else ""
    body = message.body or ("outbox.text_with_link" if page else "outbox.text_without_link")
    said = _numbers(message) if body == CRISIS else word(body, language, page=page)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Daybreak", addr_spec=place.mail.sender if place.mail else f"daybreak@{place.host}")
    mail["To"] = Address("", addr_spec=f"{message.to.lstrip('+')}@{_gateway(message)}")
    mail["Date"] = message.created
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(word("outbox.repeated", language, subject=said) if repeat else said, cte="quoted-printable")
    return mail


def _numbers(message: Message) -> str:
    """Whom to call in the organisation's country, as it holds on that day; no name of a line, which would say too much."""
    about = {"on": zones.day(message.created, message.site.zone), "language": message.language}
    found = {kind: [one.number for one in numbers(**about, kind=kind)[1]] for kind in ("comes", "listens")}
    if not all(found.values()):
        return word("texting.crisis_no_numbers", message.language)
    return word(CRISIS, message.language, **{kind: " · ".join(called) for kind, called in found.items()})


def _gateway(message: Message) -> str:
    texts = settings.PLACE.texts
    return "phone.invalid" if message.channel == TEXT_FILE or not texts or not texts.gateway else texts.gateway
