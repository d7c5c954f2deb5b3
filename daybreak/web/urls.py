"""Which address leads to which view? (`tests/web/test_access.py` walks this list)"""

from __future__ import annotations

from django.urls import path

from daybreak.web.audit import views as audit
from daybreak.web.health import healthz
from daybreak.web.links import views as links
from daybreak.web.people import views as people
from daybreak.web.protocols import views as protocols

urlpatterns = [
    path("", people.front),
    path("healthz", healthz),
    path("language/", people.choose_language),
    path("login/", people.sign_in_page),
    path("login/code/", people.code_page),
    path("logout/", people.sign_out),
    path("l/<str:token>/", links.open_link),
    path("join/", people.join),
    path("me/", people.own_page),
    path("audit/", audit.latest),
    path("clinic/protocols/", protocols.every_protocol),
    path("clinic/protocols/<slug:id>/", protocols.one_protocol),
    path("clinic/protocols/<slug:id>/compare/", protocols.compare),
    path("clinic/protocols/<slug:id>/adopt/", protocols.adopt),
]

handler400 = "daybreak.web.errors.bad_request"
handler403 = "daybreak.web.errors.forbidden"
handler404 = "daybreak.web.errors.not_found"
handler500 = "daybreak.web.errors.failed"
