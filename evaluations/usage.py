"""What of the questions is in use: what was asked or answered stays as it was.

A debrief keeps its own copy of what it asks, so there words may change at any time. Sheets and
questions for both sides are read with the words of today, so what was answered keeps them.
"""

from evaluations.models import Answer, Debrief, OptionList, Question, QuestionSet


def answers_in(district_id: int | None):
    """What the sides of a district's partnerships have written; without a district, of all."""
    written = Answer.objects.exclude(text="")
    return written.filter(party__partnership__district=district_id) if district_id else written


def was_answered(question: Question) -> bool:
    """A side has answered it; by its key, since the answer may stand with the common question."""
    asked = {"question__key": question.key, "question__set__key": question.set.key}
    return answers_in(question.set.district_id).filter(**asked).exists()


def was_chosen_from(options: OptionList) -> bool:
    return any(was_answered(question) for question in options.questions.select_related("set"))


def is_used(question_set: QuestionSet) -> bool:
    """It was asked in a debrief of its district, or a side there has answered some of it."""
    district = question_set.district_id
    asked = Debrief.objects.filter(partnership__district=district, body__set=question_set.key)
    return (
        asked.exists()
        or answers_in(district).filter(question__set__key=question_set.key).exists()
        or Answer.objects.filter(question__set=question_set).exists()
    )
