"""How does a form end whose patient has died? (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("forms", "0002_protected")]

    operations = [
        migrations.RemoveConstraint(model_name="ending", name="ending_is_known"),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["finished", "as_far", "withdrawn", "died"])), name="ending_is_known"
            ),
        ),
        append_only("forms_ending"),
    ]
