"""A worksheet as one reader meets it: its questions in order, each with what was answered."""

from evaluations.forms import AnswerForm
from evaluations.models import Answer, Question, QuestionSet
from partnerships.models import Partnership, Party


class Worksheet:
    def __init__(self, question_set: QuestionSet, partnership: Partnership, data=None):
        """`question_set` comes `with_questions`; `data` is what was posted, if anything was."""
        self.set = question_set
        self.party = partnership.school_party
        self.party.partnership = partnership
        if data is not None:  # two who send at once come one after the other
            Party.objects.select_for_update().get(pk=self.party.pk)
        self.data = data
        answers = Answer.objects.filter(party=self.party, question__set__key=question_set.key)
        # By key, since the district may have made its own copy of the set after the answer.
        self.answers = {
            answer.question.key: answer for answer in answers.select_related("by", "question")
        }
        self.forms = [self.form_for(question) for question in self.questions]

    @property
    def questions(self) -> list[Question]:
        """The questions, each followed by its parts."""
        return [one for asked in self.set.asked for one in (asked, *asked.asked_parts)]

    def form_for(self, question: Question) -> AnswerForm:
        answer = self.answers.get(question.key)
        if answer:
            answer.question = question  # with its options at hand
        return AnswerForm(self.data, question=question, answer=answer)

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms)

    def save(self, *, by) -> bool:
        """Keep every answer that is well formed; return whether all were."""
        good = [form for form in self.forms if form.is_valid()]
        for form in good:
            form.save(self.party, by=by)
        return len(good) == len(self.forms)
