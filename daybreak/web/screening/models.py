"""Which rows hold what was signed about a patient: exceptions, second signatures, decisions?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

SECOND, WITHDRAWN = "second_signature", "withdrawn"
TREAT, NOT_YET = "treat", "not_yet"
REASONS = ("benefit_outweighs", "passing_cause", "known_otherwise", "specialist_advice", "other")
COURSE, DOSE = "course", "dose"
CASES = ("exception", "contradiction", "with_review")


class Override(Row):
    """A prescriber goes ahead in spite of one finding, with a reason. It changes neither verdict nor status.

    It is bound to the verdict, the digest of its evidence and that of the protocol: when one of them changes, it is void. So
    it is after `ends_on`, its last day; an exception for one dose has one.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="overrides")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    protocol = models.CharField(max_length=60)
    protocol_digest = models.CharField(max_length=64)
    criterion = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10)
    evidence_digest = models.CharField(max_length=64)
    scope = models.CharField(max_length=10)
    ends_on = models.DateField(null=True)
    needs_two = models.BooleanField()
    code = models.CharField(max_length=20)
    reason = models.CharField(max_length=2000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "screening_override"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__in=REASONS), name="override_code_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict__in=("not_met", "unknown")), name="override_is_from_an_obstacle"
            ),
        ]


class OverrideEvent(Row):
    """Somebody signed the exception as the second person, or it was withdrawn."""

    override = models.ForeignKey(Override, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "screening_override_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["override", "kind"], name="override_event_happens_once"),
            models.CheckConstraint(condition=Q(kind__in=(SECOND, WITHDRAWN)), name="override_event_is_known"),
        ]


class Snapshot(Row):
    """A decision as it was signed: what was known, which wording of the protocol, what it said, in whose words.

    `content` is JSON text and holds the chart, every decision with ids, values and sentences, and the exceptions. It can
    be reopened and never changes; `content_digest` shows that it did not. `seen` is the digest of what the board showed.
    `unmet` is the criterion that a "not yet" waits for, `condition` the same in words; `needs_second` are the hard cases (as
    JSON) for which a second person has to sign before it is final.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="snapshots")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    protocol = models.CharField(max_length=60)
    version = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    adoption = models.ForeignKey("protocols.Adoption", models.PROTECT, null=True, related_name="+")  # None: a demo
    knowledge_digest = models.CharField(max_length=64)
    status = models.CharField(max_length=30)
    outcome = models.CharField(max_length=10)
    review_on = models.DateField(null=True)
    unmet = models.CharField(max_length=60, null=True)
    condition = models.CharField(max_length=1000, null=True)
    seen = models.CharField(max_length=64, null=True)
    needs_second = models.CharField(max_length=100, null=True)
    language = models.CharField(max_length=10)
    content = models.TextField()
    content_digest = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome=TREAT, review_on__isnull=True) | Q(outcome=NOT_YET, review_on__isnull=False),
                name="not_yet_says_until_when",
            )
        ]


class SecondSignature(Row):
    """A second person signed a decision that is not final without it."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="second")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "screening_second_signature"


class SecondRule(Row):
    """A site says whether one kind of hard case needs a second signature. Rows are versions: the newest that holds counts;
    one that asks for less holds only when somebody else has signed it too."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    case = models.CharField(max_length=20)
    needed = models.BooleanField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "screening_second_rule"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(case__in=CASES), name="second_rule_is_of_a_known_case"),
            models.CheckConstraint(condition=~Q(reason=""), name="second_rule_has_a_reason"),
            models.UniqueConstraint(
                fields=["site", "case"], condition=Q(replaces__isnull=True), name="second_rules_have_one_beginning"
            ),
        ]


class SecondRuleSigned(Row):
    """A second person signed that one signature is enough. From then on it is."""

    rule = models.OneToOneField(SecondRule, models.PROTECT, related_name="signed")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "screening_second_rule_signed"
