"""Where does it stand under which number the authorities of a country know somebody who prescribes?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_phone")]

    operations: ClassVar = [
        migrations.AddField("person", "number", models.CharField(blank=True, default="", max_length=40)),
        # Without a default: SQLite then adds the column and leaves the triggers of the table where they are.
        migrations.AddField("naming", "number", models.CharField(max_length=40, null=True)),
    ]
