"""What a patient says themselves has nobody who wrote it down. (a rebuilt table has to be protected again)"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0005_one_person"),
        ("people", "0004_zone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="import_has_its_document",
        ),
        migrations.AlterField(
            model_name="entry",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin__in", ("person", "patient")),
                    models.Q(("document__isnull", False), ("origin", "import")),
                    _connector="OR",
                ),
                name="import_has_its_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin", "patient"), ("by__isnull", False), _connector="OR"),
                name="entry_is_written_by_somebody",
            ),
        ),
        append_only("patients_entry"),
    ]
