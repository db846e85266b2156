from django.db import migrations

import ublog.core.text
from ublog.blog import triggers


class Migration(migrations.Migration):
    dependencies = [("blog", "0010_post_mentions")]

    operations = [
        # SQLite may rebuild the table, for which the triggers must make way.
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AddField(
            model_name="post",
            name="folding",
            field=ublog.core.text.FoldingField(editable=False, null=True),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
