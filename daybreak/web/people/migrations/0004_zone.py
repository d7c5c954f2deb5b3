"""Where does it stand which time a site keeps?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0003_naming")]

    operations: ClassVar = [
        migrations.AddField("site", "zone", models.CharField(default="UTC", max_length=64)),
        # Without a default: SQLite then adds the column and leaves the triggers of the table where they are.
        migrations.AddField("naming", "zone", models.CharField(max_length=64, null=True)),
    ]
