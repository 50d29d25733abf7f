"""The guide: what to do now, what to ask, who is who, and the way on."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklists.progress import Progress
from desk.ending import Ending
from desk.waiting import whose_move
from evaluations.joint import Standing
from evaluations.models import Answer, Question, QuestionSet, SetKind
from partnerships.access import get_partnership
from partnerships.models import StageGuide
from partnerships.stages import Stage
from partnerships.voices import unheard
from partnerships.waiting import News

NEXT = 4  # dates in the side box


@require_safe
def guide(request, pk, stage=None):
    """The page of the current stage, or of the one asked for by its ring on the track."""
    if stage is not None and stage not in Stage:
        raise Http404
    partnership = get_partnership(request, pk)
    stage = Stage(stage or partnership.stage)
    items = partnership.items.lines(cycle=partnership.cycle)
    for item in items:
        item.may_work = item.can_be_worked_on_by(request.user)
    here = [item for item in items if item.stage == stage and not item.is_waiting_for_the_end]
    partnership.progress_by_stage = {
        one: Progress.of(item for item in items if item.stage == one) for one in Stage
    }
    standing, news = Standing(partnership), News(partnership)
    ending = Ending(partnership) if partnership.has_ended else None
    context = {
        "partnership": partnership,
        "stage": stage,
        "guide": StageGuide.objects.read(stage, partnership.district_id),
        "items": here,
        "stage_progress": partnership.progress_by_stage[stage],
        "way_on": partnership.progress_by_stage[partnership.at_stage],
        "sets": sets_at(stage, partnership, request.user, standing),
        "moves": whose_move(partnership, items, standing, news),
        "voices": None if ending else unheard(partnership, news),
        "next_dates": [] if ending else next_dates(partnership, items),
        "ending": ending,
        "writes_for": ending.may_be_written_by(request.user) if ending else [],
        "may_add": partnership.can_be_worked_in_by(request.user),
        "tab": "guide",
    }
    return render(request, "desk/guide.html", context)


def sets_at(stage, partnership, user, standing):
    """Return the questions, worksheets and conversation starters of a stage that the reader may see."""
    kinds = [SetKind.JOINT, SetKind.STARTERS]
    if partnership.school_side_is_open_to(user):
        kinds.append(SetKind.WORKSHEET)
    sets = QuestionSet.objects.for_district(partnership.district_id).at_stage(stage)
    questions = Question.objects.filter(set__in=sets.filter(kind__in=kinds), retired=False)
    found = {}
    asked = questions.select_related("set").annotate(is_written=Answer.written_in(partnership))
    for question in asked.order_by("set", "position", "pk"):
        question_set = found.setdefault(question.set_id, question.set)
        question_set.asked = [*getattr(question_set, "asked", []), question]
    for question_set in found.values():
        question_set.answered_count = sum(question.is_written for question in question_set.asked)
        question_set.asked_count = len(question_set.asked)
        question_set.agreed_count = standing.agreed(question_set.key)
        question_set.has_begun = standing.has_begun(question_set.key)
        question_set.ready_count = standing.ready(question_set.key)
        question_set.waits_for = standing.waits_for(question_set.key)
    return list(found.values())


def next_dates(partnership, items):
    """Return the dates ahead: items and steps due, people leaving, the planned end."""
    today = partnership.district.today()
    dates = [
        {"on": item.due_on, "item": item}
        for item in items
        if item.is_open and item.due_on and item.due_on >= today
    ]
    dates += [
        {"on": step.due_on, "step": step}
        for step in partnership.dated_steps
        if step.due_on >= today
    ]
    dates += [
        {"on": seat.left_on, "seat": seat} for seat in partnership.current_seats if seat.is_leaving
    ]
    if partnership.starts_on and partnership.starts_on >= today:
        dates.append({"on": partnership.starts_on, "begins": True})
    if partnership.ends_on and partnership.ends_on >= today:
        dates.append({"on": partnership.ends_on, "ends": True})
    return sorted(dates, key=lambda date: date["on"])[:NEXT]
