"""Does a page for strangers leave nothing behind, on their side or on ours, and is it small?"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web.people.roles import Role
from tests.web.conftest import browser, signed_in

PAGES = ["/", "/clinics/check/", "/cost/", "/learn/", "/learn/prepare/"]
LIMIT_BYTES = 100_000
pytestmark = pytest.mark.django_db


def loaded(client, address: str) -> dict[str, bytes]:
    """The page and every file that it loads by itself."""
    page = client.get(address, secure=True)
    found = {address: page.content}
    for one in re.findall(
        r'(?:<script src|<link rel="(?:stylesheet|icon)" href|<img src)="([^"]+)"', page.content.decode()
    ):
        assert one.startswith("/static/daybreak/"), f"{address} loads {one} from elsewhere"
        file = client.get(one, secure=True)
        assert file.status_code == 200, one
        found[one] = file.content
    return found


@pytest.mark.parametrize("address", PAGES)
def test_no_cookie_no_row_no_session_and_small(address, site) -> None:
    client = browser()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address, secure=True)
    assert page.status_code == 200
    assert not page.cookies
    assert not client.cookies
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []
    assert not any("session" in one["sql"].lower() for one in asked)
    files = loaded(client, address)
    assert len(files) >= 4
    assert sum(map(len, files.values())) < LIMIT_BYTES
    assert not client.cookies
    assert 'type="hidden" name="csrf' not in page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_address_chooses_the_language_and_every_link_keeps_it(address, site) -> None:
    client = browser()
    page = client.get(f"{address}?lang=zh-hans", secure=True)
    text = page.content.decode()
    assert '<html lang="zh-hans">' in text
    assert page["Content-Language"] == "zh-hans"
    assert 'href="/?lang=zh-hans"' in text
    assert '<html lang="en">' in client.get(f"{address}?lang=xx", secure=True).content.decode()
    assert 'href="/"' in client.get(address, secure=True).content.decode()
    assert (
        '<html lang="zh-hans">' in browser(**{"accept-language": "zh-Hans"}).get(address, secure=True).content.decode()
    )


def test_help_stands_on_it_in_the_bar_and_at_the_end(site) -> None:
    text = browser().get("/", secure=True).content.decode()
    assert text.index('class="help-link" href="#help"') < text.index("<main") < text.index('id="help"')
    assert 'href="tel:988"' in text


def test_who_works_here_still_arrives_at_work(site, person) -> None:
    lee = signed_in(person("lee", Role.NURSE))
    assert lee.get("/", secure=True).url == "/tasks/"
    lee.post("/lock/", {"next": "/tasks/"}, secure=True)
    assert lee.get("/", secure=True).url == "/unlock/"
    assert 'href="/login/"' in browser().get("/", secure=True).content.decode()


def test_another_content_of_a_file_has_another_address(site) -> None:
    text = browser().get("/", secure=True).content.decode()
    named = re.search(r"/static/daybreak/public\.css\?v=[0-9a-f]{16}", text)
    assert named
    kept = browser().get(named[0], secure=True)
    assert "immutable" in kept["Cache-Control"]
    assert "immutable" not in browser().get("/static/daybreak/public.css", secure=True)["Cache-Control"]
