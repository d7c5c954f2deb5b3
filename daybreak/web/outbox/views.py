"""The page on which somebody says where they are reached."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, posted
from daybreak.web.access import needs
from daybreak.web.outbox import actions, queries
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import numbers
from daybreak.web.refusals import Refused


@needs(Permission.OWN_PAGE)
@require_http_methods(["GET", "POST"])
def own_address(request: HttpRequest) -> HttpResponse:
    """One's own mail address, and the phone for what is urgent: see them, change them, remove them."""
    now = queries.address(request.person)
    shown: dict[str, Any] = {"now": now.email if now else "", "mobile": now.mobile if now else ""}
    shown |= {"most": actions.LONGEST, "texts": bool(actions.texts())}
    if request.method == "GET":
        return render(
            request,
            "outbox/address.html",
            {
                **shown,
                "key": ids.new(),
                "typed": shown["now"],
                "typed_mobile": shown["mobile"],
                "step_up": step_up.needed(request),
            },
        )
    email, mobile = posted.typed(request, "email"), posted.typed(request, "mobile")
    try:
        step_up.confirm(request)
        plain = numbers.plain(mobile)
        actions.set_address(request.person, email, mobile=plain, at=request.received_at, key=posted.key(request))
    except Refused as refused:
        again = {
            **shown,
            "key": ids.new(),
            "typed": email,
            "typed_mobile": mobile,
            "step_up": step_up.needed(request),
            "problems": [refused.sentence(get_language())],
        }
        return render(request, "outbox/address.html", again, status=refused.status)
    return redirect("/me/address/")
