"""Encrypt the secrets of the second step that were stored before (see accounts.encryption)."""

from django.db import migrations

from accounts.encryption import SECRETS, decrypt, encrypt


def change(write):
    def change_all(apps, schema_editor):
        rows = apps.get_model("mfa", "Authenticator").objects
        for row in rows.filter(type__in=["totp", "recovery_codes"]):
            for name in SECRETS:
                if name in row.data:
                    row.data[name] = write(row.data[name])
            row.save(update_fields=["data"])

    return change_all


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(change(encrypt), change(decrypt))]
