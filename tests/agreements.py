"""Help for tests about agreements: agree, draw up, sign."""

from django.core.files.base import ContentFile

from desk.agreement import Composition
from evaluations.models import Question, Wording, propose
from partnerships.models import Agreement, AgreementDraft, Partnership
from partnerships.models.agreement import Way

PDF = b"%PDF-1.7\nsigned by hand\n%%EOF\n"


def fresh(partnership) -> Partnership:
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def question(number: int) -> Question:
    return Question.objects.get(set__key="ten-questions", set__district=None, key=f"q{number}")


def agree(partnership, number: int, text: str, *, by, parties=None) -> Wording:
    """Let these parties (all, if none are named) agree on a wording."""
    partnership = fresh(partnership)
    everybody = list(partnership.parties.all())
    latest = Wording.objects.of(question(number), partnership).last()
    seen = latest.number if latest else 0
    for party in everybody:
        party.partnership = partnership
    wording = propose(question(number), everybody[0], text, by=by, seen=seen)
    for party in everybody if parties is None else parties:
        wording.assent(party, by=by)
    return wording


def arrange(partnership, **fields) -> AgreementDraft:
    draft = AgreementDraft.of(partnership)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.version += 1
    draft.save()
    return draft


def composed(partnership) -> Composition:
    partnership = fresh(partnership)
    return Composition(partnership, AgreementDraft.of(partnership))


def draw_up(partnership, *, by) -> Agreement:
    partnership = fresh(partnership)
    latest = partnership.agreements.last()
    made = Agreement.objects.draw_up(
        partnership, composed(partnership).body, by=by, seen=latest.number if latest else 0
    )
    return again(made)


def again(version) -> Agreement:
    return Agreement.objects.with_signatures().get(pk=version.pk)


def sign(version, party, *, by, name="", language="en"):
    return version.sign(
        party,
        by=by,
        fingerprint=version.fingerprint,
        name=name or by.name,
        language=language,
        authority=True,
    )


def sign_on_paper(version, party, *, by, name="Walter Jensen", content=PDF, ending="pdf"):
    return version.sign(
        party,
        by=by,
        fingerprint=version.fingerprint,
        way=Way.PAPER,
        name=name,
        signed_on=version.partnership.district.today(),
        scan=ContentFile(content, name=f"scan.{ending}"),
    )


def sign_by_all(version, *, by) -> Agreement:
    for party in version.parties.all():
        sign(version, party, by=by)
    return again(version)
