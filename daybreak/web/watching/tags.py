"""What does a template say of the heartbeat?"""

from __future__ import annotations

from django import template

from daybreak.clinical.treatment.limits import Level
from daybreak.knowledge.watch import silence, watch
from daybreak.web.watching.listening import SAYS_EVERY

register = template.Library()


@register.simple_tag
def silent_after() -> int:
    """After how many seconds without a word of the clinic a page says that nobody is monitoring."""
    return int(silence()[0].total_seconds())


@register.simple_tag
def says_every() -> int:
    """After how many seconds a loud page says again that it listens."""
    return SAYS_EVERY


@register.simple_tag
def sounds_again(level: str) -> int:
    """After how many seconds an alarm of that level sounds again that nobody has seen."""
    return int(watch().paces[Level[level.upper()]].sound.total_seconds())
