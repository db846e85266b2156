from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("blog", "0023_uploads")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="image_color",
            field=models.CharField(max_length=7, null=True, editable=False),
        ),
        migrations.AddField(
            model_name="upload",
            name="image_color",
            field=models.CharField(max_length=7, null=True, editable=False),
        ),
    ]
