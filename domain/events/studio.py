"""What happened to a studio, its staff and what it has decided."""

from dataclasses import dataclass

from domain.nouns.invitation import Invitation
from domain.nouns.policy import Choices
from domain.nouns.studio import Staff, Studio


@dataclass(frozen=True)
class StudioCreated:
    studio: Studio


@dataclass(frozen=True)
class StudioChanged:
    """`studio` as it was before, `after` as it is from now on."""

    studio: Studio
    after: Studio


@dataclass(frozen=True)
class PolicyChanged:
    """`studio` as it was before."""

    studio: Studio
    choices: Choices


@dataclass(frozen=True)
class StaffInvited:
    invitation: Invitation


@dataclass(frozen=True)
class InvitationWithdrawn:
    """`invitation` as it was before."""

    invitation: Invitation


@dataclass(frozen=True)
class StaffAdded:
    """`invitation`, as it was before, is what they joined with; None for who founded the studio."""

    staff: Staff
    invitation: Invitation | None = None


@dataclass(frozen=True)
class StaffChanged:
    """`staff` as they were before, `after` as they are from now on."""

    staff: Staff
    after: Staff


@dataclass(frozen=True)
class StaffRemoved:
    """`staff` as they were before."""

    staff: Staff


@dataclass(frozen=True)
class StaffErased:
    """`staff` as they were before, whose account is deleted."""

    staff: Staff
