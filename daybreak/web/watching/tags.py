"""What does a template say of the heartbeat?"""

from __future__ import annotations

from django import template

from daybreak.knowledge.watch import silence

register = template.Library()


@register.simple_tag
def silent_after() -> int:
    """After how many seconds without a word of the clinic a page says that nobody is monitoring."""
    return int(silence()[0].total_seconds())
