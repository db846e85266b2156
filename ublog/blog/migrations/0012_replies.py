import django.db.models.deletion
from django.db import migrations, models

import ublog.blog.fields
from ublog.blog import triggers


class Migration(migrations.Migration):

    dependencies = [("blog", "0011_post_folding")]

    operations = [
        # SQLite rebuilds the table, for which the triggers must make way.
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AddField(
            model_name="post",
            name="in_reply_to",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="replies",
                to="blog.post",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="conversation",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="reply_count",
            field=ublog.blog.fields.CounterField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="post",
            name="state",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "deleted")], editable=False, null=True
            ),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
