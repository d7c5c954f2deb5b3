"""Does whoever answers for the site see what nobody could read, as it came, and does nothing of it run in their browser?"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.bedside.models import Message, Odd
from daybreak.web.bedside.odd_views import NEWEST, SHOWN, readable
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in

PAGE = "/clinic/devices/"


def kept(site, content: bytes, n: int, odd: str = Odd.UNREADABLE.value) -> Message:
    about = {"sender": "gateway", "control": str(n), "digest": hashlib.sha256(content).hexdigest(), "odd": odd}
    common = {"organisation_id": site.organisation_id, "created": NOW + timedelta(seconds=n)}
    return Message.objects.create(id=ids.new(), content=content, **about, **common)


def page(client) -> str:
    return client.get(PAGE, secure=True).content.decode()


def test_it_is_shown_as_it_came_and_runs_nothing(site, person) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    client = signed_in(doctor)
    assert "Every message could be read." in page(client)
    kept(site, b"MSH|^~\\&|A\rPID|<script>alert(1)</script>\x0b\xff", 1)
    kept(site, b"MSH|read", 2, odd="")
    kept(site, b"MSH|again", 3, odd=Odd.SAME_ID.value)
    said = page(client)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x0bÿ" in said
    assert "<script>alert" not in said
    assert "MSH|read" not in said
    assert said.index("same number, other bytes") < said.index("could not be read<")
    assert Entry.objects.filter(action="read", object_type="device_messages", who=doctor.id).count() == 2


def test_a_flood_of_them_is_cut_and_says_so(site, person) -> None:
    client = signed_in(person("okafor", Role.PRESCRIBER))
    for n in range(NEWEST + 1):
        kept(site, b"x" * (SHOWN + 1), n)
    said = page(client)
    assert said.count("…") == NEWEST
    assert f"The newest {NEWEST} are shown." in said
    assert signed_in(person("lee", Role.NURSE)).get(PAGE, secure=True).status_code == 403


def test_every_byte_can_be_told_from_every_other() -> None:
    every = bytes(range(256)).replace(b"\r", b"").replace(b"\n", b"").replace(b"\\", b"")
    assert len({readable(bytes([one])) for one in every}) == len(every)
    assert readable(b"a\rb\r\nc") == "a\nb\nc"
