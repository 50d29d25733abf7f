"""The closed lists of the domain. `Level` is after “Thinking about developing a collaborative
partnership?”, `EngagementKind` after its discussion starters."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Of the ten questions, by key: how one changes or ends the partnership, and how one disagrees.
ENDING_QUESTION, DISAGREEMENTS_QUESTION = "q5", "q8"


class Side(TextChoices):
    SCHOOL = "school", _("School")
    PARTNER = "partner", _("Partner")
    BOTH = "both", _("Both sides")


class PartnerKind(TextChoices):
    BUSINESS = "business", _("Business")
    NONPROFIT = "nonprofit", _("Non-profit organization")
    GOVERNMENT = "government", _("Government")
    COMMUNITY = "community", _("Community group")
    INDIVIDUAL = "individual", _("Individual")
    SCHOOL = "school", _("Another school")
    HIGHER_ED = "higher-ed", _("College or university")
    INTERNAL = "internal", _("A department of our own")


class Place(TextChoices):
    OUTSIDE = "outside", _("Outside")
    INSIDE = "inside", _("Inside")


class EngagementKind(TextChoices):
    VISIT = "visit", _("A special visit once a year")
    INSTRUCTION = "instruction", _("Regular visits or lessons in class or at the company")
    INTERNSHIP = "internship", _("Internships for students")
    DEVELOPMENT = "development", _("Professional development")
    ADVISORY = "advisory", _("Advice")
    PLANNING = "planning", _("Planning together")
    OTHER = "other", _("Something else")


class Level(TextChoices):
    """What kind of relationship two sides have. Higher is not better."""

    NETWORKING = "networking", _("Networking")
    COMMUNICATING = "communicating", _("Communicating")
    COORDINATION = "coordination", _("Coordination")
    COOPERATION = "cooperation", _("Cooperation")
    COLLABORATION = "collaboration", _("Collaboration")

    @property
    def text(self):
        return LEVEL_TEXT[self]


LEVEL_TEXT = {
    Level.NETWORKING: _(
        "You know each other and exchange news. Little time, little trust needed, "
        "nothing done together."
    ),
    Level.COMMUNICATING: _(
        "You keep each other informed through regular channels, such as letters, "
        "newsletters and talks."
    ),
    Level.COORDINATION: _(
        "You fit your activities together so that nothing is done twice. Each side stays "
        "independent; there may be a written understanding."
    ),
    Level.COOPERATION: _(
        "You share: knowledge, staff, rooms, money, reputation. It takes commitment and trust."
    ),
    Level.COLLABORATION: _(
        "Neither can succeed without the other. You share responsibility, decisions, power "
        "and information, and settle conflicts by consensus."
    ),
}


class How(TextChoices):
    """By which way somebody said something."""

    HERE = "here", _("in Alongside")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by phone")


class Role(TextChoices):
    """What a person with a seat does. The values are the columns of `Seat`; a member is the rest."""

    CHAMPION = "champion", _("Champion")
    CONTACT = "contact", _("Contact person")
    BOARD = "board", _("Steering group")
    STUDENT = "student", _("Student representative")
    FAMILY = "family", _("Family representative")
    MEMBER = "member", pgettext_lazy("role", "Member")


NEEDED_ROLES = (Role.CHAMPION, Role.CONTACT)  # of every party, by stage 1


class ForWhom(TextChoices):
    """Whom a goal serves. The values are columns of `Goal`, with `for_` before them."""

    STUDENTS = "students", _("Students")
    TEACHERS = "teachers", _("Teachers")
    EMPLOYEES = "employees", _("Employees")
    COMMUNITY = "community", _("The community")


class Direction(TextChoices):
    """Which way a goal's numbers are to go."""

    MORE = "more", _("More is better")
    LESS = "less", _("Less is better")


class Rhythm(TextChoices):
    """How often an activity takes place."""

    ONCE = "once", _("Once")
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month, on the same weekday")


class ContributionKind(TextChoices):
    """What a party puts in."""

    MONEY = "money", _("Money")
    GOODS = "goods", _("Goods")
    TIME = "time", pgettext_lazy("what is put in", "Time")
    SPACE = "space", _("Rooms and space")
    EXPERTISE = "expertise", _("Knowledge and skills")


class ContactKind(TextChoices):
    """What is written in the contact log. The first four are touchpoints: the sides were in contact."""

    MEETING = "meeting", _("Meeting")
    CALL = "call", pgettext_lazy("kind of contact", "Call")
    MAIL = "mail", pgettext_lazy("kind of contact", "Mail")
    VISIT = "visit", pgettext_lazy("kind of contact", "Visit")
    DECISION = "decision", _("Decision")
    DISAGREEMENT = "disagreement", _("Disagreement")


TOUCHPOINTS = (ContactKind.MEETING, ContactKind.CALL, ContactKind.MAIL, ContactKind.VISIT)


class ContactRhythm(TextChoices):
    """How often the sides have agreed to be in contact."""

    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every three months")

    @property
    def days(self) -> int:
        """After how many days without contact it is overdue."""
        return {"weekly": 7, "fortnightly": 14, "monthly": 31, "quarterly": 92}[self.value]


class PublicPart(TextChoices):
    """What a public page is made of; each is released by itself."""

    ABOUT = "about", pgettext_lazy("part of a public page", "What it is")
    GOALS = "goals", _("A goal and how it stands")
    WIN = "win", _("A small win")
    VOICE = "voice", _("The form for the community")


class Audience(TextChoices):
    """From whom in the community a voice comes, as far as the link tells by which they came."""

    PUBLIC = "public", _("Anybody")
    STUDENTS = "students", _("Students")
    FAMILIES = "families", _("Families")
    STAFF = "staff", _("Staff")
