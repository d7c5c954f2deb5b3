"""What stands on every page of an open session, so that help is one tap away? `{% help_row … %}`: the call, and every card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import get_language

from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.words import known

register = template.Library()


@register.inclusion_tag("cockpit/_help_row.html")
def help_row(session_id: UUID) -> dict[str, Any]:
    """Each tap is taken without a PIN, and goes to the page that is needed next."""
    titles = [(id, one["title"][known(get_language())]) for id, one in sessions.cards().items()]
    return {"session_id": session_id, "cards": titles, "key": ids.new()}
