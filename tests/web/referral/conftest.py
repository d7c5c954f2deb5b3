"""What does a test about referrals find ready? The people who look after them, and an empty folder of mails."""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.web import ids
from daybreak.web.people.models import Person, Site
from daybreak.web.referral import actions
from daybreak.web.referral.models import Door, Event, Referral, What
from daybreak.web.referral.state import state
from daybreak.web.referral.told import Told
from tests.web.conftest import NOW
from tests.web.reach.conftest import desk, empty_folder, mail_server, nurse  # noqa: F401
from tests.web.referral.samples import TOLD


def receive(site: Site, *, by: Person | None = None, door: Door = Door.WEB, key: Any = None, **other: str) -> Referral:
    """A referral by the form, unless told otherwise."""
    return actions.receive(Told(**{**TOLD, **other}), site=site, door=door, by=by, at=NOW, key=key or ids.new())


def does(referral: Referral, what: What, by: Person, **more: Any) -> Event:
    """Somebody does that about it, seeing how it stands."""
    told = {"seen": len(state(referral).events), "by": by, "at": NOW, "key": ids.new(), **more}
    return actions.add(referral, what, **told)


@pytest.fixture
def referral(site: Site) -> Referral:
    return receive(site)
