"""What the parties have agreed on a set of questions, for the agreement that is drawn from it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from evaluations.models import Question, QuestionSet, Wording, WordingTranslation
from evaluations.models.questions import TEN_QUESTIONS
from partnerships.models import Partnership


@dataclass
class Agreed:
    """One question, with the wording that every party agrees to, if there is one."""

    question: Question
    number: int
    wording: Wording | None = None
    translation: WordingTranslation | None = None


def agreed_on(partnership: Partnership, key: str = TEN_QUESTIONS) -> list[Agreed]:
    """Return all questions of a set that are asked, with what is agreed this cycle: three queries."""
    sets = QuestionSet.objects.for_district(partnership.district_id).filter(key=key)
    asked = Question.objects.filter(set__in=sets, retired=False, part_of=None)
    wordings = agreed_wordings(partnership, key)
    translations = agreed_translations(wordings.values(), partnership)
    return [
        Agreed(question, number, wording, translations.get(wording.pk) if wording else None)
        for number, question in enumerate(asked.select_related("set"), 1)
        for wording in [wordings.get(question.key)]
    ]


def agreed_wordings(partnership: Partnership, key: str) -> dict[str, Wording]:
    """The last wording of each question, by the question's key, where every party agrees to it."""
    rows = Wording.objects.filter(
        partnership=partnership, cycle=partnership.cycle, question__set__key=key
    ).select_related("question__set")
    last = {wording.question.key: wording for wording in with_assents(rows, partnership)}
    return {key: wording for key, wording in last.items() if is_by_all(wording, partnership)}


def agreed_translations(wordings, partnership: Partnership) -> dict[int, WordingTranslation]:
    """The last translation of each wording, by the wording's key, where every party agrees to it."""
    rows = WordingTranslation.objects.filter(wording__in=list(wordings))
    last = {one.wording_id: one for one in with_assents(rows, partnership)}
    return {pk: one for pk, one in last.items() if is_by_all(one, partnership)}


def with_assents(rows, partnership: Partnership):
    """Count for each text how many of the parties at the table now assent to it, the last text last.

    A count leaves the order of the model out, so it is said here.
    """
    parties = list(partnership.parties.all())
    counted = rows.annotate(agreeing=Count("assents", filter=Q(assents__party__in=parties)))
    return counted.order_by("number")


def is_by_all(text, partnership: Partnership) -> bool:
    return text.agreeing == len(partnership.parties.all())
