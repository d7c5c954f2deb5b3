"""Is what was made from the knowledge files made from those of today?"""

from __future__ import annotations

from docs.generate import TARGET, page


def test_the_list_of_protocols_is_of_today() -> None:
    assert TARGET.read_text("utf-8") == page(), "the knowledge files have changed since: run `make docs`"
