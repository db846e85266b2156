from django.db import migrations, models

from ublog.blog import triggers


class Migration(migrations.Migration):

    dependencies = [("blog", "0024_post_image_color")]

    operations = [
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("mention", "Mention"),
                    ("like", "Like"),
                    ("report", "Report"),
                    ("held", "Held"),
                    ("application", "Application"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.deletion.DO_NOTHING,
                related_name="+",
                to="blog.post",
            ),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
