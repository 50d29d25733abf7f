from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.encryption import encrypt_anew
from partnerships.models import Feed


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of the second step and the addresses of calendars with the present "
        "SECRET_KEY, so that an earlier one can leave SECRET_KEY_FALLBACKS."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        print(f"{encrypt_anew() + Feed.objects.seal_anew()} encrypted anew.")
