"""Who may open a page? Each view declares it; what is not declared cannot be opened, and a test finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from daybreak.web import errors, instant
from daybreak.web.audit import trail
from daybreak.web.demo import mark
from daybreak.web.patients.queries import shared_sites
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import held_with_sites
from daybreak.web.people.roles import Role
from daybreak.web.presence import away, handover, unlocking

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Access:
    """A permission that is needed, or why none is: the page is for everyone, for the holder of a link, part of a demo,
    or for a patient to whom the tablet was handed.
    """

    permission: Permission | None = None
    link: str = ""
    everyone: str = ""
    demo: str = ""
    tablet: str = ""
    even_handed: bool = False  # also while the browser is in a patient's hands
    sent_late: bool = False  # what a patient sends from such a page is taken though the tablet was left alone since
    stays: bool = False  # is shown on when the browser is locked: an open treatment is never hidden
    no_pin: bool = False  # and is taken then without a PIN: a call for help


def needs(permission: Permission, *, stays: bool = False, no_pin: bool = False) -> Callable[[View], View]:
    """For people who are signed in and hold the permission at some site; the view looks at the object.

    `stays`: also while the browser is locked, for whoever locked it (`request.viewer`); what is sent then brings their PIN,
    unless it needs none (`no_pin`).
    """
    return _declare(Access(permission=permission, stays=stays, no_pin=no_pin))


def by_link(purpose: str) -> Callable[[View], View]:
    """For the holder of a link of that purpose; the view checks the link."""
    return _declare(Access(link=purpose))


def everyone(why: str, *, even_handed: bool = False) -> Callable[[View], View]:
    """For anybody at all, and why that is right."""
    return _declare(Access(everyone=why, even_handed=even_handed))


def in_the_demo(why: str) -> Callable[[View], View]:
    """For whoever sits at the machine that runs a demo, and why that is right; anywhere else there is no such page."""
    return _declare(Access(demo=why))


def on_the_tablet(purpose: str, *, sent_late: bool = False, stays: bool = False) -> Callable[[View], View]:
    """For the patient in whose hands the tablet is for that purpose; anywhere else there is no such page.

    `stays`: also when nobody touched it for long.
    """
    return _declare(Access(tablet=purpose, sent_late=sent_late, stays=stays))


def _declare(access: Access) -> Callable[[View], View]:
    def declared(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declared


CLOSED = "presence/tablet_closed.html"


def _open_to_the_patient(request: HttpRequest, access: Access) -> bool:
    """Of all pages only those of the purpose for which the tablet was handed over, as long as nobody took that away."""
    if access.tablet:
        shows = not request.resting or access.stays or (access.sent_late and request.method == "POST")
        meant = access.tablet == request.handed.purpose and shows
        return meant and handover.still_allowed(request.handed, at=request.received_at)
    return access.even_handed


def _behind_the_lock(request: HttpRequest, access: Access) -> Person | None:
    """Who locked this browser, for a page that stays; whoever writes in it shows by their PIN that it is still they."""
    if not (access.stays and request.locked):
        return None
    if request.method == "POST" and not access.no_pin:
        if not unlocking.opened(request):
            return None
        request.person, request.locked, request.unlocked = request.locked, None, True
        return request.person  # type: ignore[no-any-return]
    return request.locked  # type: ignore[no-any-return]


def _zone(zones: Mapping[UUID, str], patient_id: UUID | None) -> ZoneInfo:
    """The time that the page shows: of the person's sites; where these differ, of the patient's, else of the first."""
    here = dict(zones)
    if patient_id and len(set(here.values())) > 1:
        for site in shared_sites(patient_id, here):
            return ZoneInfo(here[site])
    return ZoneInfo(next(iter(here.values()), "UTC"))


class DeclaredAccess:
    """The middleware that holds each request to what its view declares. It also gives the request its one time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at, request.unlocked = instant.now(), False
        request.person = request.user if request.user.is_authenticated else None
        with timezone.override(UTC):  # until it is known whose page it is
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        access = getattr(view, "access", None)
        if access is None:
            raise ImproperlyConfigured(
                f"{view.__module__}.{view.__name__} declares no access: use needs, by_link, everyone, in_the_demo "
                "or on_the_tablet."
            )
        if request.handed:
            return None if _open_to_the_patient(request, access) else render(request, CLOSED, status=403)
        if access.demo and not mark.within(request):
            raise Http404
        if access.tablet:
            raise Http404
        if access.permission is None:
            return None
        viewer = request.viewer = request.person or _behind_the_lock(request, access)
        if viewer is None:
            return away.answer(request)
        request.held = held_with_sites(viewer, at=request.received_at)  # asked once, the header needs them
        request.roles = [(one.role, one.site_id) for one in request.held]
        timezone.activate(_zone({one.site_id: one.zone for one in request.held}, kwargs.get("patient_id")))
        viewer.held = (request.received_at, request.roles)  # and so does who may read which patient
        if any(access.permission in MAY[Role(role)] for role, _ in request.roles):
            return None
        trail.happened("refused", who=viewer.id, at=request.received_at)
        return errors.page(request, "error.forbidden", status=403)
