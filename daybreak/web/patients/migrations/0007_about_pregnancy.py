"""Which label may an entry bear that tells of pregnancy?"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_from_the_patient")]

    operations = [
        migrations.RemoveConstraint(model_name="entry", name="entry_sensitivity_is_known"),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitivity__in", ("ordinary", "substance_use", "psychotherapy", "reproductive"))),
                name="entry_sensitivity_is_known",
            ),
        ),
        append_only("patients_entry"),
    ]
