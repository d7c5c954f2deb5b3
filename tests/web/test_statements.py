"""Is the second database sent everything that the first one is sent?"""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from daybreak.web.people.models import Site
from daybreak.web.people.queries import all_in_force
from tests.house.tree import ROOT
from tests.web.conftest import NOW
from tests.web.statements import ALWAYS, Kept, form, repeated


def test_who_is_left_out_sends_nothing_that_nobody_else_sends() -> None:
    sent = {
        "a::reads": ["1", "2"],
        "a::reads_more": ["1", "2", "3"],
        "a::is_refused": ["1", "IntegrityError 2"],
        "b::draws": [],
        f"{ALWAYS[0]}::types": ["1"],
    }
    without = repeated(sent)
    assert without == {"a::reads", "b::draws"}
    run = {one for test, said in sent.items() if test not in without for one in said}
    assert run == {one for said in sent.values() for one in said}
    assert all((ROOT / path).exists() for path in ALWAYS)


def test_a_statement_is_its_form_without_values() -> None:
    long = form('SELECT "a" FROM "t" WHERE "a" IN (%s, %s, %s) AND "b" = %s AND "c" = \'it\'\'s\' LIMIT 21')
    assert long == form('SELECT "a" FROM "t" WHERE "a" IN (%s) AND "b" = %s AND "c" = \'\' LIMIT 3')
    assert long != form('SELECT "a" FROM "t" WHERE "a" IN (%s) AND "d" = %s AND "c" = \'\' LIMIT 3')
    assert form("SAVEPOINT s140_x1") == form("SAVEPOINT s7_x22")


@pytest.mark.django_db
def test_the_line_of_the_program_and_what_was_refused_are_told_apart(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr(CursorWrapper, "_execute", CursorWrapper._execute)  # given back afterwards
    kept = Kept(tmp_path / "one.json")
    kept.listen()
    assert Site.objects.count() == 1
    all_in_force(at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO people_site SELECT * FROM people_site")
    ours = [said for said in kept.now if "daybreak/web/people/queries.py:" in said]
    assert len(ours) == 1
    assert 'FROM "people_role_grant"' in ours[0]
    assert "IntegrityError  INSERT INTO people_site SELECT * FROM people_site" in kept.now
