"""Everything the product asks: question sets, their questions, and the answers to choose from."""

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from partnerships.models import District
from partnerships.models.content import (
    Content,
    ContentQuerySet,
    Seeded,
    copy_of,
    district_has_own,
    own_key,
)
from partnerships.stages import Stage

TEN_QUESTIONS = "ten-questions"  # the set that an agreement is drawn from


def in_language(texts: dict[str, str]) -> str:
    """A text that is kept in both languages, in the reader's; where that is empty, in the other."""
    return texts.get(get_language()) or next(filter(None, texts.values()), "")


class SetKind(models.TextChoices):
    JOINT = "joint", _("each side answers, then they agree")
    WORKSHEET = "worksheet", _("the school side's own notes")
    STARTERS = "starters", _("to open a conversation")
    DEBRIEF = "debrief", _("answered person by person")


class AnswerKind(models.TextChoices):
    TEXT = "text", _("text")
    SCALE = "scale", _("scale from 1 to 5")
    CHOICE = "choice", _("choice")
    LEVEL = "level", _("level of relationship")
    NONE = "none", _("not answered")


class OptionListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody's common lists, and one's own districts'."""
        if user.is_superuser:
            return self
        return self.filter(Q(district=None) | Q(district__in=user.districts.values("pk")))

    def for_district(self, district_id: int | None):
        """The lists that a question of this district may take, with their answers."""
        lists = self.filter(Q(district=None) | Q(district=district_id))
        return lists.prefetch_related("options")


class OptionList(Seeded):
    """A list of answers to choose from, such as the five steps of a scale: common, or a district's own."""

    key = models.SlugField(max_length=60, unique=True, editable=False, default=own_key)
    district = models.ForeignKey(
        District,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("district"),
    )

    objects = OptionListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of answers")
        verbose_name_plural = _("lists of answers")
        ordering = ["key"]

    def __str__(self):
        return " / ".join(option.label for option in self.options.all())

    @property
    def is_a_scale(self) -> bool:
        """It has the five steps of a scale, from 1 to 5."""
        return [option.value for option in self.options.all()] == [1, 2, 3, 4, 5]


class Option(Seeded):
    list = models.ForeignKey(OptionList, models.CASCADE, related_name="options")
    value = models.PositiveSmallIntegerField(_("value"))
    label = NFCCharField(_("label"), max_length=120)

    class Meta:
        verbose_name = _("answer to choose")
        verbose_name_plural = _("answers to choose")
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["list", "value"], name="one_option_per_value")
        ]

    def __str__(self):
        return self.label


class QuestionSetQuerySet(ContentQuerySet):
    def for_district(self, district_id: int):
        """The district's own sets, and the common ones in whose place it has none. One that it has
        retired stands in no place any more."""
        return super().for_district(district_id).exclude(retired=True)

    def place_taken(self, district_id: int):
        return super().place_taken(district_id).filter(retired=False)

    def at_stage(self, stage: Stage):
        """The sets that belong to a stage, those for a certain occasion aside."""
        return self.filter(stage=stage, only_when="")

    def with_asked(self):
        """With the questions that are asked, for lists of sets."""
        asked = Question.objects.filter(retired=False, part_of=None)
        return self.prefetch_related(Prefetch("questions", asked, to_attr="asked"))

    def with_questions(self):
        """With the questions that are asked, their parts, and the answers to choose from."""
        asked = Question.objects.filter(retired=False).select_related("options")
        with_options = asked.prefetch_related("options__options")
        return self.prefetch_related(
            Prefetch("questions", with_options.filter(part_of=None), to_attr="asked"),
            Prefetch("asked__parts", with_options, to_attr="asked_parts"),
        )


class QuestionSet(Content, Seeded):
    kind = models.CharField(_("kind"), max_length=12, choices=SetKind)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    only_when = models.CharField(
        _("only when"),
        max_length=10,
        blank=True,
        choices=[
            ("ending", _("the partnership is ending")),
            ("levels", _("the sides want different levels of relationship")),
        ],
    )
    title = NFCCharField(_("title"), max_length=160)
    intro = NFCTextField(_("introduction"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    retired = models.BooleanField(_("no longer asked"), default=False)

    objects = QuestionSetQuerySet.as_manager()

    class Meta(Content.Meta):
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")
        ordering = ["pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("evaluations:preview_set", args=[self.pk])

    @property
    def is_debrief(self) -> bool:
        return self.kind == SetKind.DEBRIEF

    @property
    def titles(self) -> dict[str, str]:
        """The title in both languages, for the timeline."""
        return {"en": self.title_en or "", "vi": self.title_vi or ""}

    def copy_for(self, district: District) -> "QuestionSet | None":
        """Return a copy for the district to change, or None if it has one. Answers stay, by their keys."""
        if district_has_own(self, district):
            return None
        own = copy_of(self, district_id=district.pk)
        for question in self.questions.filter(part_of=None):
            own_question = copy_of(question, set_id=own.pk)
            for part in question.parts.all():
                copy_of(part, set_id=own.pk, part_of_id=own_question.pk)
        return own


class Question(Seeded):
    """A question, or a statement to agree with. Retired, never deleted, once asked."""

    set = models.ForeignKey(
        QuestionSet, models.CASCADE, related_name="questions", verbose_name=_("question set")
    )
    part_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    key = models.SlugField(max_length=60, editable=False, default=own_key)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = NFCCharField(_("question"), max_length=400)
    answer = models.CharField(
        _("answered by"), max_length=10, choices=AnswerKind, default=AnswerKind.TEXT
    )
    low = NFCCharField(_("label of 1"), max_length=80, blank=True)
    high = NFCCharField(_("label of 5"), max_length=80, blank=True)
    options = models.ForeignKey(
        OptionList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("list of answers"),
    )
    principle = models.SlugField(_("principle"), max_length=60, blank=True)
    required = models.BooleanField(_("required"), default=True)
    retired = models.BooleanField(_("no longer asked"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer="choice") | Q(options__isnull=False),
                name="a_choice_has_options",
                violation_error_message=_("Choose a list of answers."),
            )
        ]

    def __str__(self):
        return self.text

    @property
    def texts(self) -> dict[str, str]:
        """The question in both languages, for the timeline."""
        return {"en": self.text_en or "", "vi": self.text_vi or ""}
