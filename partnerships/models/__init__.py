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
from partnerships.models.drafts import PartnershipDraft
from partnerships.models.history import Event, Move
from partnerships.models.invitations import Hindrance, Invitation, InvitationRefused
from partnerships.models.mails import PartnershipMail
from partnerships.models.parties import LevelView, Party
from partnerships.models.partners import Partner
from partnerships.models.partnership import Engagement, Partnership
from partnerships.models.people import Person, Seat
from partnerships.models.places import Coordinator, District, School

__all__ = [
    "Agreement",
    "AgreementDraft",
    "AgreementRefused",
    "Coordinator",
    "District",
    "Engagement",
    "Event",
    "Folder",
    "GuideLine",
    "Hindrance",
    "Invitation",
    "InvitationRefused",
    "LevelView",
    "LineKind",
    "Move",
    "Part",
    "Partner",
    "Partnership",
    "PartnershipDraft",
    "PartnershipMail",
    "Party",
    "Person",
    "School",
    "Seat",
    "Signature",
    "StageGuide",
    "Withdrawal",
]
