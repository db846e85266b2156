from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0017_mutes")]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="mail_state",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "pending"), (2, "scheduled"), (3, "sent")], null=True
            ),
        ),
    ]
