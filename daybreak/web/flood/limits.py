"""Is it too much that comes from one place, or from all together? Kept in the database, so that every process counts alike.

Where a request comes from is what the connection says, and behind the proxy that is named to `daybreak serve` what that
proxy says; what anybody else claims is not read. Whoever is signed in is never held up.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from daybreak.web.flood.doors import DOORS, SPAN
from daybreak.web.flood.models import Tally
from daybreak.web.refusals import Refused

EVERYWHERE = ""
IPV6_OF_ONE = 64  # bits: what one connection is given


class TooOften(Refused):
    """Wait; the sentence says how long."""

    status = 429


def admit(request: HttpRequest, door: str) -> None:
    """Count what comes, before it is looked at. TooOften when it is too much; then it does not count for all together."""
    for address, most in _limits(request, door):
        if _one_more(door, _begin(request.received_at), address) > most:
            raise _wait(request)


def page(request: HttpRequest, wait: TooOften) -> HttpResponse:
    """It says how long to wait, and whom to call meanwhile."""
    return render(request, "flood/wait.html", wait.values, status=wait.status)


def forget(*, at: datetime) -> None:
    """Remove the spans that are over."""
    Tally.objects.filter(since__lt=at - SPAN).delete()


def _limits(request: HttpRequest, door: str) -> list[tuple[str, int]]:
    if request.person is not None:
        return []
    most = DOORS[door]
    return [(_address(request), most.each), *([(EVERYWHERE, most.every)] if most.every is not None else [])]


def _wait(request: HttpRequest) -> TooOften:
    left = _begin(request.received_at) + SPAN - request.received_at
    return TooOften("flood.wait", minutes=max(1, -(-int(left.total_seconds()) // 60)))


@transaction.atomic
def _one_more(door: str, since: datetime, address: str) -> int:
    row, new = Tally.objects.get_or_create(door=door, since=since, address=address, defaults={"count": 1})
    if new:
        return 1
    Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row.count


def _begin(at: datetime) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % SPAN


def _address(request: HttpRequest) -> str:
    """A digest under our key: no list of addresses is kept. Those of one IPv6 connection are one."""
    told = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("flood", _connection(told), algorithm="sha256").hexdigest()


def _connection(told: str) -> str:
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_OF_ONE), strict=False))
