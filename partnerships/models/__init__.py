from partnerships.models.content import GuideLine, LineKind, StageGuide
from partnerships.models.drafts import PartnershipDraft
from partnerships.models.history import Event, Move
from partnerships.models.invitations import Hindrance, Invitation, InvitationRefused
from partnerships.models.mails import PartnershipMail
from partnerships.models.partners import Partner
from partnerships.models.partnership import Engagement, LevelView, Partnership, Party
from partnerships.models.people import Person, Seat
from partnerships.models.places import Coordinator, District, School

__all__ = [
    "Coordinator",
    "District",
    "Engagement",
    "Event",
    "GuideLine",
    "Hindrance",
    "Invitation",
    "InvitationRefused",
    "LevelView",
    "LineKind",
    "Move",
    "Partner",
    "Partnership",
    "PartnershipDraft",
    "PartnershipMail",
    "Party",
    "Person",
    "School",
    "Seat",
    "StageGuide",
]
