"""What is in a dossier, in its order: one line a section, for the page, the PDF and the archive alike."""

from django.utils.translation import gettext_lazy as _

from desk.dossier import back, people, record, settled, work
from desk.dossier.cells import Section, Shape
from desk.dossier.dossier import Dossier

NEWEST_EVENTS = 300

SECTIONS = (
    # key, title, what is in it, columns, rows
    Section(
        "partnership",
        _("At a glance"),
        _("Who works together and what for, where it stands, and since when."),
        people.FACTS,
        people.partnership,
        shape=Shape.FACTS,
    ),
    Section(
        "people",
        _("People and their roles"),
        _("Everybody who is at the table now, and who was before."),
        people.PEOPLE,
        people.people,
    ),
    Section(
        "levels",
        _("Relationship levels"),
        _("How each side saw the relationship, and how it wanted it to be, over time."),
        people.LEVELS,
        people.levels,
    ),
    Section(
        "agreement",
        _("The agreement in force"),
        _("Its text as it was signed."),
        settled.TEXT,
        settled.agreement_text,
        shape=Shape.PROSE,
    ),
    Section(
        "agreement-versions",
        _("Versions of the agreement and their signatures"),
        _("Every version with its number, its fingerprint, and who signed it when."),
        settled.VERSIONS,
        settled.versions,
    ),
    Section(
        "questions",
        _("Questions for both sides"),
        _("The answers that all sides can read, and what they have agreed, in this cycle."),
        settled.QUESTIONS,
        settled.questions,
    ),
    Section(
        "earlier-wordings",
        _("What was agreed in earlier cycles"),
        _("The wordings that everybody now at the table agreed to."),
        settled.EARLIER,
        settled.earlier_wordings,
    ),
    Section(
        "worksheets",
        _("Worksheets of the school side"),
        _("Its own planning notes. Only the school side and its district have this part."),
        settled.WORKSHEETS,
        settled.worksheets,
        open_to=settled.school_side,
    ),
    Section(
        "checklist",
        _("Checklist"),
        _("Every item of every cycle: how it stands, who does it, and by when."),
        work.CHECKLIST,
        work.checklist,
    ),
    Section(
        "goals",
        _("Goals"),
        _("What you want to reach, by when, and the latest value."),
        work.GOALS,
        work.goals,
    ),
    Section(
        "measurements",
        _("Measurements"),
        _("What was counted for each goal; corrections stand beside what they correct."),
        work.MEASUREMENTS,
        work.measurements,
    ),
    Section(
        "activities",
        _("Activities"),
        _("What you do together: when, where, who leads, and for which goals."),
        work.ACTIVITIES,
        work.activities,
    ),
    Section(
        "activity-days",
        _("Days of activities"),
        _("What took place, who took part in numbers, and how it went."),
        work.DAYS,
        work.days,
    ),
    Section(
        "steps",
        _("Steps"),
        _("Who does what by when, and what it is for."),
        work.STEPS,
        work.steps,
    ),
    Section(
        "contributions",
        _("What each side puts in"),
        _("Promised and given, with amounts or estimates."),
        work.CONTRIBUTIONS,
        work.contributions,
    ),
    Section(
        "given",
        _("What was given"),
        _("What came when; corrections stand beside what they correct."),
        work.DELIVERIES,
        work.deliveries,
    ),
    Section(
        "gains",
        _("What each side gains"),
        _("In the words of each side."),
        work.GAINS,
        work.gains,
    ),
    Section(
        "contact-log",
        _("Contact log"),
        _("Meetings, calls, mails, visits, decisions, and how disagreements were settled."),
        work.LOG,
        work.log,
    ),
    Section(
        "documents",
        _("Documents"),
        _("What is there, from which side, and whether all sides share it. The files stay here."),
        record.DOCUMENTS,
        record.documents,
    ),
    Section(
        "debriefs",
        _("Debriefs"),
        _(
            "When everybody looked back, and how many answered. An open one only says that it is open."
        ),
        back.DEBRIEFS,
        back.debriefs,
    ),
    Section(
        "debrief-results",
        _("Results of debriefs"),
        _("What was asked, and what each side said to it, in numbers."),
        back.RESULTS,
        back.results,
    ),
    Section(
        "debrief-texts",
        _("Texts from debriefs"),
        _("What was written, by side, without names."),
        back.TEXTS,
        back.texts,
    ),
    Section(
        "debrief-talk",
        _("Comments and notes on debriefs"),
        _("What the sides say to the results, and the notes of their conversation."),
        back.TALKS,
        back.talks,
    ),
    Section(
        "wins",
        _("Small wins"),
        _("What went well, and who is thanked. The pictures stay here."),
        back.WINS,
        back.wins,
    ),
    Section(
        "thanks",
        _("Thanks"),
        _("Who was thanked, and how. The words stay with those who got them."),
        back.THANKS,
        back.thanks,
        open_to=back.its_people,
    ),
    Section(
        "public",
        _("What is public"),
        _("What each side has released for the public page, and what it has withdrawn."),
        back.PUBLIC,
        back.public,
    ),
    Section(
        "voices",
        _("Voices of the community"),
        _("What students, families and others said, what was answered, and what became of ideas."),
        back.VOICES,
        back.voices,
    ),
    Section(
        "cycle-notes",
        _("Notes for each cycle"),
        _("What was kept and what was changed when a new cycle began."),
        back.NOTES,
        back.cycle_notes,
    ),
    Section(
        "wishes",
        _("What each side would like"),
        _("Before the next decision; shown when every side has said its own."),
        back.WISHES,
        back.wishes,
    ),
    Section(
        "handed-on",
        _("What is handed on"),
        _("What each side passes on to whoever takes it up again."),
        back.HANDED_ON,
        back.handed_on,
    ),
    Section(
        "cycles",
        _("Cycles"),
        _("How far the checklist came, cycle by cycle and stage by stage."),
        record.CYCLES,
        record.cycles,
    ),
    Section(
        "moves",
        _("Moves"),
        _("Each change of stage, cycle or status, with its reason."),
        record.MOVES,
        record.moves,
    ),
    Section(
        "timeline",
        _("Timeline"),
        _("All that happened, the newest first."),
        record.TIMELINE,
        record.timeline,
        newest=NEWEST_EVENTS,
    ),
)


def sections_for(dossier: Dossier) -> list[Section]:
    """The sections of which the reader may see something."""
    return [section for section in SECTIONS if section.open_to(dossier)]
