"""Who is signed in by this session? Its owner came with it; what is not plain is left to Django."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from daybreak.web.people.models import Person


class Who(AuthenticationMiddleware):
    """`request.user`, by one query with the session."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _owner(request) or get_user(request))


def _owner(request: HttpRequest) -> Person | AnonymousUser | None:
    """None: Django has to look, as when the session was begun under an earlier key or before a new password."""
    session = request.session
    if SESSION_KEY not in session:
        return AnonymousUser()
    owner: Person | None = session.owner
    return (
        owner
        if owner is not None
        and session[SESSION_KEY] == str(owner.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), owner.get_session_auth_hash())
        else None
    )
