"""A vial can be opened for several patients, and each one's share drawn up from it. (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only

KINDS = [
    *("received", "found", "reserved", "unreserved", "quarantined", "released", "dispensed", "opened", "drawn_up"),
    *("returned", "given", "wasted", "returned_out", "destroyed", "transferred", "lost"),
]
PLACES = ["outside", "free", "reserved", "open", "quarantined", "drawn"]


class Migration(migrations.Migration):
    dependencies = [("cupboard", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="entry", name="stock_entry_kind_is_known"),
        migrations.RemoveConstraint(model_name="entry", name="stock_entry_source_is_known"),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="stock_entry_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", PLACES)), name="stock_entry_source_is_known"
            ),
        ),
        append_only("cupboard_entry"),
    ]
