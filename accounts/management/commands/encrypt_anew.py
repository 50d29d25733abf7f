from django.core.management.base import BaseCommand

from accounts.encryption import encrypt_anew


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of the second step with the present SECRET_KEY, "
        "so that an earlier one can leave SECRET_KEY_FALLBACKS."
    )

    def handle(self, *args, **options):
        print(f"{encrypt_anew()} encrypted anew.")
