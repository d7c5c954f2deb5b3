"""Where is it kept for which site a link was made?"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("links", "0002_append_only"), ("people", "0005_phone")]
    operations: ClassVar = [
        migrations.AddField(
            "link",
            "site",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"
            ),
        ),
        append_only("links_link"),
    ]
