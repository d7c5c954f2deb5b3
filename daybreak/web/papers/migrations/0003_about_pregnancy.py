"""Which label may a paper bear that tells of pregnancy?"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_protected")]

    operations = [
        migrations.RemoveConstraint(model_name="paper", name="paper_sensitivity_is_known"),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitivity__in", ("ordinary", "substance_use", "psychotherapy", "reproductive"))),
                name="paper_sensitivity_is_known",
            ),
        ),
        append_only("papers_paper"),
    ]
