"""Does the calendar open on every day that somebody can type?"""

from __future__ import annotations

import pytest

from daybreak.web.people.roles import Role
from tests.web.conftest import signed_in


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9998-12-31", "0002-01-01", "x"])
def test_the_first_and_the_last_day_are_no_error(site, person, day) -> None:
    client = signed_in(person("dana", Role.FRONT_DESK))
    for page in ("calendar", "today"):
        assert client.get(f"/{page}/?day={day}", secure=True).status_code == 200
