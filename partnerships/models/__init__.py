from partnerships.models.activities import Activity, Day, Occurrence, Totals
from partnerships.models.agreement import (
    Agreement,
    AgreementDraft,
    AgreementRefused,
    Folder,
    Part,
    Signature,
    Withdrawal,
)
from partnerships.models.content import GuideLine, LineKind, StageGuide
from partnerships.models.contributions import Contribution, Delivery, Gain, GivingRefused
from partnerships.models.cycles import CycleNote
from partnerships.models.documents import Document, DocumentVersion
from partnerships.models.drafts import PartnershipDraft
from partnerships.models.endings import HandedOn
from partnerships.models.feeds import Feed
from partnerships.models.goals import Goal, Measurement
from partnerships.models.handovers import Handover
from partnerships.models.history import Event, Move
from partnerships.models.invitations import Hindrance, Invitation, InvitationRefused
from partnerships.models.log import LogEntry
from partnerships.models.mails import PartnershipMail
from partnerships.models.parties import LevelView, Party
from partnerships.models.partners import Partner
from partnerships.models.partnership import Engagement, Partnership
from partnerships.models.people import Person, Seat
from partnerships.models.places import Coordinator, District, School
from partnerships.models.public import (
    ChangedMeanwhile,
    PagePart,
    PublicPage,
    Release,
    ReleaseRefused,
)
from partnerships.models.steps import Step, StepState
from partnerships.models.wins import Thanks, ThanksBy, Win

__all__ = [
    "Activity",
    "Agreement",
    "AgreementDraft",
    "AgreementRefused",
    "ChangedMeanwhile",
    "Contribution",
    "Coordinator",
    "CycleNote",
    "Day",
    "Delivery",
    "District",
    "Document",
    "DocumentVersion",
    "Engagement",
    "Event",
    "Feed",
    "Folder",
    "Gain",
    "GivingRefused",
    "Goal",
    "GuideLine",
    "HandedOn",
    "Handover",
    "Hindrance",
    "Invitation",
    "InvitationRefused",
    "LevelView",
    "LineKind",
    "LogEntry",
    "Measurement",
    "Move",
    "Occurrence",
    "PagePart",
    "Part",
    "Partner",
    "Partnership",
    "PartnershipDraft",
    "PartnershipMail",
    "Party",
    "Person",
    "PublicPage",
    "Release",
    "ReleaseRefused",
    "School",
    "Seat",
    "Signature",
    "StageGuide",
    "Step",
    "StepState",
    "Thanks",
    "ThanksBy",
    "Totals",
    "Win",
    "Withdrawal",
]
