"""What is stored beside a delivery costs little at each of its steps.

A write of a row that touches one index is written into all of them, fourteen, which are the deeper the
more is stored. So what is looked for only once something stands at the network is indexed from then on,
a lease that is renewed is in no index, and pages keep room for a row's next state. The longest due are
found in their order, without a look at all that is due.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0014_own_words_of_series")]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="delivery_due"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_lapsed"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_begun"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_remote"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["try_at", "id"], condition=models.Q(("state", "scheduled")), name="delivery_next"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["id"], condition=models.Q(("state", "sending")), name="delivery_sending"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["channel", "begun_at"],
                condition=models.Q(("remote_id", ""), _negated=True),
                name="delivery_stands",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["channel", "remote_id"],
                condition=models.Q(("remote_id", ""), _negated=True),
                name="delivery_known",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE publishing_delivery SET (fillfactor = 70)",
            "ALTER TABLE publishing_delivery RESET (fillfactor)",
        ),
    ]
