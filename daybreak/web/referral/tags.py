"""One sign for any page: `{% referred patient %}`, by whom a patient was referred, and the way to the referral."""

from __future__ import annotations

from typing import Any

from django import template

from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.roles import Role
from daybreak.web.referral.models import Referral, What

register = template.Library()


@register.inclusion_tag("referral/_referred.html", takes_context=True)
def referred(context: Any, patient: Patient) -> dict[str, Any]:
    """Those referrals that the reader may open, the newest first; nothing where there is none."""
    request = context["request"]
    sites = [site for role, site in request.roles if Permission.REGISTER_PATIENTS in MAY[Role(role)]]
    about = {"events__what": What.PATIENT, "events__patient__in": patients.together(patient), "site__in": sites}
    mine = Referral.objects.filter(**about).select_related("outsider")
    return {"referrals": list(mine.order_by("-id"))}
