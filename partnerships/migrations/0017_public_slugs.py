from django.db import migrations

from partnerships.models.places import free_slug


def name_districts(apps, schema_editor):
    """Give each district the address of its public list."""
    districts = apps.get_model("partnerships", "District").objects
    for district in districts.filter(slug=None).order_by("pk"):
        district.slug = free_slug(district.name, districts)
        district.save(update_fields=["slug"])


class Migration(migrations.Migration):

    dependencies = [("partnerships", "0016_public")]

    operations = [migrations.RunPython(name_districts, migrations.RunPython.noop)]
