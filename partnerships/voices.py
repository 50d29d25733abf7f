"""Whether students and families have a say: who speaks for them, and in what they were heard."""

from dataclasses import dataclass, field

from partnerships.models import Activity, Goal, Partnership
from partnerships.stages import Stage
from partnerships.vocabulary import Role
from partnerships.waiting import News

VOICES = (Role.STUDENT, Role.FAMILY)


@dataclass
class Unheard:
    """Where nobody has asked students or families yet. A reminder, nobody's fault."""

    roles: list[Role] = field(default_factory=list)  # for whom nobody speaks
    goals: list[Goal] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.roles or self.goals or self.activities)

    no_student = property(lambda self: Role.STUDENT in self.roles)
    no_family = property(lambda self: Role.FAMILY in self.roles)


def unheard(partnership: Partnership, news: News | None = None) -> Unheard:
    """From stage 1 on somebody speaks for them; from stage 2 on they have a say in goals and activities.

    The partnership knows its sides and planned activities already; `news` may be at hand too.
    """
    stage = partnership.at_stage
    if not partnership.is_active or stage == Stage.PRE:
        return Unheard()
    spoken = {role for seat in partnership.current_seats for role in seat.roles}
    found = Unheard([role for role in VOICES if role not in spoken])
    if stage.number >= Stage.DIRECTION.number:
        found.goals = (news or News(partnership)).unheard_goals
        found.activities = [
            one for one in partnership.planned_activities if not one.say and one.next_day
        ]
    return found
