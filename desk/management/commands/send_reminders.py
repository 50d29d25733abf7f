from django.core.management.base import BaseCommand, CommandError

from accounts.mails import take_up_stranded
from accounts.models import Mail, Round
from desk.digests import send_what_is_due
from evaluations.models import Debrief, forget
from partnerships import aside


class Command(BaseCommand):
    help = (
        "Send the weekly digests and the reminders whose hour has come, and mails left lying; "
        "close the debriefs whose last day is over; delete pictures that nobody shows. "
        "Run it every hour; run twice, it sends nothing twice."
    )

    def handle(self, *args, **options):
        take_up_stranded()
        Debrief.objects.close_due()
        sent, failed = send_what_is_due()
        Mail.objects.delete_old()
        Round.objects.delete_old()
        aside.sweep()
        forget()
        if options["verbosity"]:
            self.stdout.write(f"{sent} mails are on their way.")
        if failed:
            raise CommandError(f"{failed} mails could not be written; the log says why.")
