"""Before the sides decide, and after a good end."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.decision import Decision
from desk.ending import Ending
from partnerships.access import get_partnership
from partnerships.vocabulary import ENDING_QUESTION


@require_safe
def decide(request, pk):
    """What each side would like, what people said, how things stand; and the three ways on."""
    partnership = get_partnership(request, pk)
    agreement = partnership.agreement_in_force
    context = {
        "partnership": partnership,
        "decision": Decision(partnership, request.user),
        "agreement": agreement,
        "on_ending": partnership.agreed_words(ENDING_QUESTION, signed=agreement),
        "tab": "back",
        "place": "decide",
    }
    return render(request, "desk/decide/decide.html", context)


@require_safe
def ending(request, pk):
    """How it ended, and what is handed on; before the end, what there is so far."""
    partnership = get_partnership(request, pk)
    ending = Ending(partnership)
    context = {
        "partnership": partnership,
        "ending": ending,
        "writes_for": ending.may_be_written_by(request.user),
        "tab": "back",
        "place": "decide",
    }
    template = "print" if "print" in request.GET else "ending"
    return render(request, f"desk/ending/{template}.html", context)
