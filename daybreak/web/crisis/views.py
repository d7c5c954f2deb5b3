"""The crisis card as a page of its own: to find, to print, to read aloud."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daybreak.web.access import everyone


@everyone("whoever needs these numbers needs them now; there is nothing of a patient on it", even_handed=True)
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of the organisation's country, in the reader's language."""
    return render(request, "crisis/page.html")
