"""Which of these tables does the database itself protect?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("closing", "0001_initial")]
    operations: ClassVar = [append_only("closing_closing")]
