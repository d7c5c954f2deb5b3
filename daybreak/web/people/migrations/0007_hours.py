"""Where does it stand in which hours somebody answers the number under which patients call a site?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0006_number")]

    operations: ClassVar = [
        migrations.AddField("site", "hours", models.CharField(blank=True, default="", max_length=120)),
        # Without a default: SQLite then adds the column and leaves the triggers of the table where they are.
        migrations.AddField("naming", "hours", models.CharField(max_length=120, null=True)),
    ]
