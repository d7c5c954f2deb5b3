"""Where is the file kept that proves that a form was filed? (a rebuilt table is protected again)"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0001_tables"),
        ("rems", "0002_setting"),
    ]

    operations = [
        migrations.AddField(
            model_name="filing",
            name="paper",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="papers.paper"
            ),
        ),
        append_only("rems_filing"),
    ]
