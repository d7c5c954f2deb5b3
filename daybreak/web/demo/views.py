"""Who is one in the demo? A page to choose from, instead of password and second factor."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web.access import in_the_demo
from daybreak.web.audit import trail
from daybreak.web.demo import worth
from daybreak.web.people import queries, sessions
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.people.views import leads_here
from daybreak.web.words import word


@in_the_demo("everybody in it is made up, and who runs it may be each of them")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Everybody who holds a role, by site; one click, and one is that person."""
    if request.method == "GET":
        shown = {"sites": _by_site(request), "worth": worth.PATIENTS, "rooms": worth.ROOMS}
        return render(request, "demo/choose.html", shown | {"next": request.GET.get("next", "")})
    person = _chosen(request.POST.get("person", ""))
    if person is None or not queries.roles_in_force(person, at=request.received_at):
        raise Http404
    sessions.begin(request, person)
    trail.happened("signed_in_demo", who=person.id, at=request.received_at)
    onward = request.POST.get("next", "")
    return redirect(onward if leads_here(request, onward) else "/")


def _by_site(request: HttpRequest) -> list[tuple[str, list[tuple[Person, str]]]]:
    order = {role.value: place for place, role in enumerate(Role)}
    sites: dict[str, list[tuple[Person, str]]] = {}
    for grant in sorted(queries.all_in_force(at=request.received_at), key=lambda one: (one.site.name, order[one.role])):
        said = word(f"role.{grant.role}", get_language())
        sites.setdefault(grant.site.name, []).append((grant.person, said))
    return list(sites.items())


def _chosen(typed: str) -> Person | None:
    try:
        return Person.objects.filter(pk=UUID(typed)).first()
    except ValueError:
        return None
