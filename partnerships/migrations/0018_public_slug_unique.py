from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("partnerships", "0017_public_slugs")]

    operations = [
        migrations.AlterField(
            model_name='district',
            name='slug',
            field=models.SlugField(editable=False, max_length=80, unique=True),
        ),
    ]
