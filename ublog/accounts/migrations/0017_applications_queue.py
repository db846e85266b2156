from django.db import migrations, models
from django.db.models import F

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("accounts", "0016_rejected_applications")]

    operations = [
        # The choices are not in the database: no table is altered.
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign_up", "Sign Up"),
                    ("activation", "Activation"),
                    ("password_reset", "Password Reset"),
                    ("password_changed", "Password Changed"),
                    ("email_change", "Email Change"),
                    ("email_changed", "Email Changed"),
                    ("deleted", "Deleted"),
                    ("approved", "Approved"),
                    ("not_approved", "Not Approved"),
                    ("archive", "Archive"),
                ],
                max_length=20,
            ),
        ),
        AddIndexOnline(
            model_name="application",
            index=models.Index(
                F("created_on").desc(), F("id").desc(), name="applications_queue"
            ),
        ),
    ]
