"""What was written down about signs over time, for the patient, who may answer it in their own words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import misuse as knowledge
from daybreak.web import ids
from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.links import born
from daybreak.web.links.models import SIGNS
from daybreak.web.links.views import forget, held, no_longer, shown_by
from daybreak.web.misuse import actions, queries, telling
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word


@by_link(SIGNS)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """All of it as staff see it, without what somebody makes of it by a rule. The patient may be away at once."""
    if request.method == "POST" and request.POST.get("do") == "leave" and shown_by(request, SIGNS):
        return forget(render(request, "forms/left.html"), SIGNS)
    link = held(request, SIGNS)
    if link is None or link.site_id is None:
        return no_longer(request, SIGNS)
    if page := born.asked(request, link, title="links.signs"):
        return page
    patient, site = Patient.objects.get(pk=link.subject), Site.objects.get(pk=link.site_id)
    at, language, problem = request.received_at, known(get_language()), None
    if request.method == "POST":
        try:
            actions.answer(link, text=typed(request, "text"), at=at, key=key(request))
            return redirect("/signs/")
        except Refused as refused:
            problem = refused
    timezone.activate(site.zone)
    trail.read("own_signs", who=None, at=at, object_id=patient.id, subject=patient.id, site=site.id, via="link")
    found, rule = queries.known(patient, at=at), knowledge.told_rule()
    shown = {
        "rule": word("misuse.rule", language, **{name: rule[name] for name in ("hours", "least", "days")}),
        "signs": [telling.seen(one, standing, language) for one, standing in found.signs],
        "tests": [telling.test(one, language) for one in found.tests],
        "said": telling.said([*found.reviews, *found.answers], language),
        "text": typed(request, "text"),
        "key": ids.new(),
        "problems": [problem.sentence(language)] if problem else [],
    }
    return render(request, "misuse/own.html", shown, status=problem.status if problem else 200)
