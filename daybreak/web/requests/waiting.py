"""Who hears of a complaint that nobody at the clinic may read? The operator, how many there are, and nothing of them."""

from __future__ import annotations

import logging
from datetime import datetime

from daybreak.web.people.queries import all_in_force
from daybreak.web.requests import queries

log = logging.getLogger("daybreak.requests")


def tell(*, at: datetime) -> None:
    """One line in the log while any waits."""
    if waits := queries.unread(all_in_force(at=at)):
        log.warning(
            "complaints that nobody at the clinic may read: %d. Give a role to somebody not named in them.", waits
        )
