"""Which rows are about the organisation, its places, its people, and what they may do?"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q

from daybreak.web.people.roles import Role
from daybreak.web.rows import Row
from daybreak.web.words import LANGUAGES


class Organisation(models.Model):
    """The tenant: one in each database."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="US")  # ISO 3166: which emergency numbers hold
    created = models.DateTimeField()


class Site(Row):
    """Where treatment happens, which time it keeps, and under which number patients call it."""

    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")  # a name of the IANA, as Asia/Shanghai
    phone = models.CharField(max_length=30, default="", blank=True)  # under which patients call it; empty: not recorded
    hours = models.CharField(max_length=120, default="", blank=True)  # in which somebody answers it, as typed
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="site_name")]


class Room(Row):
    """A room of a site."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=200)
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "name"], name="room_name")]


class Person(AbstractBaseUser, Row):
    """Somebody who works here. Who holds no role that is in force cannot sign in, whatever their password.

    The password is replaced in place: an old hash is nothing that anybody should keep.
    """

    login = models.CharField(max_length=80, unique=True)
    display_name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, choices=list(LANGUAGES.items()))
    number = models.CharField(max_length=40, blank=True, default="")  # of the country's register of prescribers
    last_login = None  # who signed in, and when, stands in the audit trail

    USERNAME_FIELD = "login"


class Naming(Row):
    """What an organisation, site, room or person is called from then on, and whether it is closed.

    Rows are versions: the one that nothing replaces counts, and `of` itself holds a copy of it, to be read quickly. The
    first has the id of what it names.
    """

    of = models.UUIDField()
    name = models.CharField(max_length=200)
    more = models.CharField(max_length=10, blank=True)  # the country of an organisation, the language of a person
    zone = models.CharField(max_length=64, null=True)  # of a site
    phone = models.CharField(max_length=30, null=True)  # of a site
    hours = models.CharField(max_length=120, null=True)  # of a site
    number = models.CharField(max_length=40, null=True)  # of a person
    closed = models.BooleanField(default=False)
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # None: the operator, or at the beginning
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of"], name="naming_of")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of"], condition=Q(replaces__isnull=True), name="naming_has_one_beginning"),
            models.CheckConstraint(condition=~Q(name=""), name="naming_has_a_name"),
        ]


class RoleGrant(Row):
    """A role at a site from one moment to another. Rows are versions: the one that nothing replaces counts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    site = models.ForeignKey(Site, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the operator
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "people_role_grant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="grant_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="grant_ends_after_start"
            ),
        ]


class SecondFactor(Row):
    """An authenticator app. Its secret is computed from a key outside the database and `nonce`; the newest counts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="second_factors")
    key = models.CharField(max_length=20)
    nonce = models.UUIDField()


class UsedCode(Row):
    """A code of an authenticator app that was used. Nobody can use it again."""

    factor = models.ForeignKey(SecondFactor, models.PROTECT, related_name="+")
    step = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "step"], name="code_is_used_once")]


class RecoveryCode(Row):
    """A way in when the app is lost, as a keyed digest. It is deleted when it is used."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)


class Attempt(models.Model):
    """Somebody tried to sign in. The name is kept as a digest: people type passwords into that field."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(db_index=True)
    login = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    succeeded = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "login", "at"], name="attempt_by_address")]
