"""Does a new key close what comes, and do the older ones still open what they closed?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pyotp
import pytest
from django.conf import settings
from django.test import override_settings

from daybreak.cli import keys as command
from daybreak.exchange.signed import fingerprint
from daybreak.web import key_file, place
from daybreak.web.audit import sealer
from daybreak.web.audit.models import Entry, Seal
from daybreak.web.audit.ours import demand_ours
from daybreak.web.audit.verify import verify
from daybreak.web.links.tokens import token
from daybreak.web.people import second_factor
from daybreak.web.people.roles import Role
from daybreak.web.place import Key, NotReady
from tests.web.conftest import browser, signed_in
from tests.web.test_commands import daybreak

PASSWORD = "four owls under a bridge"


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("DAYBREAK_HOME", str(tmp_path))
    place.make(profile="clinic", public_url="https://x.example.org", database=None)
    return tmp_path


@pytest.mark.parametrize("purpose", place.PURPOSES)
def test_a_new_key_goes_first_and_nothing_else_changes(home, purpose) -> None:
    before = json.loads((home / "clinic.json").read_text())
    made = key_file.rotate(purpose)
    after = json.loads((home / "clinic.json").read_text())
    assert [key.id for key in place.current().keys[purpose]] == ["2", "1"]
    assert place.current().key(purpose) == made
    assert after["keys"][purpose][1:] == before["keys"][purpose]
    after["keys"][purpose] = before["keys"][purpose]
    assert after == before
    assert (home / "clinic.json").stat().st_mode & 0o777 == 0o600
    assert os.listdir(home) == ["clinic.json"]


def test_two_at_once_lose_no_key(home) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: key_file.rotate("links"), range(16)))
    kept = place.current().keys["links"]
    assert [key.id for key in kept] == [str(n) for n in range(17, 0, -1)]
    assert set(made) < set(kept)


@pytest.mark.parametrize("dies_in", ["os.fsync", "pathlib.Path.replace"])
def test_a_power_cut_leaves_the_old_file_and_the_next_time_works(home, dies_in) -> None:
    before = (home / "clinic.json").read_text()
    dying = (
        "import os, pathlib\n"
        f"{dies_in} = lambda *_: os._exit(9)\n"
        "from daybreak.web import key_file\n"
        "key_file.rotate('audit')"
    )
    assert subprocess.run([sys.executable, "-c", dying], env=dict(os.environ)).returncode == 9
    assert (home / "clinic.json").read_text() == before
    assert key_file.rotate("audit").id == "2"
    assert os.listdir(home) == ["clinic.json"]


def test_a_folder_that_cannot_be_written_is_named(home, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = (home / "clinic.json").read_text()
    with pytest.raises(NotReady, match=r"clinic.json cannot be written \(No space left on device\)"):
        key_file.rotate("django")
    assert (home / "clinic.json").read_text() == before


def test_the_command_says_what_it_did_and_no_secret(home) -> None:
    done = daybreak("keys", "rotate", "audit", home=home)
    assert (done.returncode, "Key 2 of audit is the newest now" in done.stdout) == (0, True)
    listed = daybreak("keys", "list", home=home)
    assert listed.stdout.splitlines() == [
        *("django: 1", "audit: 2, 1", "links: 1", "second-factor: 1", "signatures: 1"),
        f"signatures 1 is known by the fingerprint {fingerprint(place.current().keys['signatures'][0].secret)}",
    ]
    secrets = [key.secret for keys in place.current().keys.values() for key in keys]
    assert not any(secret in done.stdout + listed.stdout for secret in secrets)
    assert daybreak("keys", "rotate", "everything", home=home).returncode == 2
    assert command.PURPOSES == place.PURPOSES


def rotated(purpose: str, secret: str = "another secret, made later, long enough to be one"):
    """The clinic of the tests after a rotation and a new start."""
    two = (Key("2", secret), *settings.PLACE.keys[purpose])
    keys = {**settings.PLACE.keys, purpose: two}
    return override_settings(
        PLACE=replace(settings.PLACE, keys=keys),
        SECRET_KEY=keys["django"][0].secret,
        SECRET_KEY_FALLBACKS=[key.secret for key in keys["django"][1:]],
    )


def test_sessions_live_on(person) -> None:
    client = signed_in(person("lee", Role.NURSE))
    with rotated("django"):
        assert client.get("/me/", secure=True).status_code == 200
        assert client.get("/me/", secure=True).status_code == 200, "and goes on under the new key"


def test_links_apps_and_recovery_codes_live_on(invited) -> None:
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    app = pyotp.TOTP(second_factor.secret(nonce=link.id))
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    joined = {"password": PASSWORD, "again": PASSWORD, "code": app.at(time.time() - 30)}
    codes = client.post("/join/", joined, secure=True).context["codes"]
    with rotated("links"), rotated("second-factor"):
        for code in (app.now(), codes[0]):
            client = browser()
            client.post("/login/", {"login": "lee", "password": PASSWORD}, secure=True)
            assert client.post("/login/code/", {"code": code}, secure=True).status_code == 302


def test_a_link_of_before_still_opens(invited) -> None:
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    address = f"/l/{token(link)}/"
    with rotated("links"):
        assert f"/l/{token(link)}/" == address, "it can be shown again"
        assert browser().post(address, secure=True).url == "/join/"
        assert invited("eve", Role.NURSE, at=datetime.now(UTC)).key == "2"


def test_the_audit_trail_is_whole_across_a_rotation(invited) -> None:
    invited("lee", Role.NURSE)
    now = datetime.now(UTC)
    sealer.seal(at=now)
    with rotated("audit"):
        invited("eve", Role.NURSE)
        sealer.seal(at=now)
        assert verify(at=now).broken == []
        assert set(Entry.objects.values_list("key", flat=True)) == {"1", "2"}
        assert set(Seal.objects.values_list("key", flat=True)) == {"1", "2"}
    assert verify(at=now).broken, "without the new key the new lines are nobody's"


def test_a_database_of_other_keys_starts_nothing(invited) -> None:
    invited("lee", Role.NURSE)
    demand_ours()
    with rotated("audit"):
        demand_ours()
        invited("eve", Role.NURSE)
        demand_ours()
    demand_ours()  # a copy of clinic.json of before the rotation: the first line fits, and `verify` names the others
    others = {**settings.PLACE.keys, "audit": (Key("1", "the secret of another clinic, long enough to be one"),)}
    with (
        override_settings(PLACE=replace(settings.PLACE, keys=others)),
        pytest.raises(NotReady, match=r"clinic\.json are not those of this database.*Put back the copy"),
    ):
        demand_ours()
