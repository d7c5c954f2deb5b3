"""Where does it stand under which number patients call a site?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0004_zone")]

    operations: ClassVar = [
        migrations.AddField("site", "phone", models.CharField(blank=True, default="", max_length=30)),
        # Without a default: SQLite then adds the column and leaves the triggers of the table where they are.
        migrations.AddField("naming", "phone", models.CharField(max_length=30, null=True)),
    ]
