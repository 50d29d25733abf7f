"""What is agreed is the last wording that every party agrees to."""

from evaluations.agreed import agreed_on, with_assents
from evaluations.models import Wording, WordingTranslation
from tests.agreements import agree, fresh


def test_the_last_wording_of_a_question_counts(partnership, alice):
    agree(partnership, 4, "Twelve students a term.", by=alice)
    agree(partnership, 4, "Twenty students a term.", by=alice)

    agreed = [one.wording.text for one in agreed_on(fresh(partnership)) if one.wording]

    assert agreed == ["Twenty students a term."]


def test_counting_assents_keeps_the_order_on_every_database(partnership):
    """Counted rows come in any order unless one is asked for; PostgreSQL makes use of that."""
    for texts in (Wording, WordingTranslation):
        assert with_assents(texts.objects.all(), partnership).ordered
