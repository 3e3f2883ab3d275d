"""The GraphQL face: one file a noun, thin resolvers. Built once a process."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.acts.absences import AbsenceMutations
from schema.acts.accounts import AccountMutations
from schema.acts.attendance import AttendanceMutations
from schema.acts.bookings import BookingMutations
from schema.acts.clients import ClientMutations
from schema.acts.credit_changes import CreditChangeMutations
from schema.acts.credits import CreditMutations
from schema.acts.deleting import DeletingMutations
from schema.acts.enrolments import EnrolmentMutations
from schema.acts.moving import MovingMutations
from schema.acts.policies import PolicyMutations
from schema.acts.schedule import ScheduleMutations
from schema.acts.schedule_changes import ScheduleChangeMutations
from schema.acts.session_cancellations import SessionCancellationMutations
from schema.acts.staff import StaffMutations
from schema.acts.studios import StudioMutations
from schema.acts.swaps import SwapMutations
from schema.acts.undoing import UndoingMutations
from schema.acts.waitlists import WaitlistMutations
from schema.enums import describe_all
from schema.nouns.account import Account
from schema.nouns.audit import AuditEntry
from schema.nouns.booking import Booking, Enrolment
from schema.nouns.client import Client
from schema.nouns.course import Course
from schema.nouns.credit import MakeUpCredit
from schema.nouns.invitation import StaffInvitation
from schema.nouns.session import Session
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio
from schema.nouns.waitlist import WaitlistEntry
from schema.query import Query
from schema.scalars import SCALARS


@strawberry.type(description="What can be done. The fields of one request run one after the other.")
class Mutation(
    AccountMutations,
    DeletingMutations,
    StudioMutations,
    StaffMutations,
    PolicyMutations,
    ScheduleMutations,
    ScheduleChangeMutations,
    SessionCancellationMutations,
    MovingMutations,
    ClientMutations,
    BookingMutations,
    AbsenceMutations,
    UndoingMutations,
    SwapMutations,
    WaitlistMutations,
    EnrolmentMutations,
    AttendanceMutations,
    CreditMutations,
    CreditChangeMutations,
):
    pass


class IdempotencyReport(SchemaExtension):
    """Tells in the answer's extensions which fields are replays: `{"idempotency": {"replayed": true, …}}`."""

    def get_results(self) -> dict[str, Any]:
        fields: list[str] = self.execution_context.context.replayed_fields
        return {"idempotency": {"replayed": True, "fields": fields}} if fields else {}


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs nothing: the transport knows which errors are bugs, and logs those with the request's id."""


def build_schema() -> Schema:
    """The schema. Once a process: the caches of validation hang on it."""
    describe_all()
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[
            Account,
            AuditEntry,
            Booking,
            Client,
            Course,
            Enrolment,
            MakeUpCredit,
            Session,
            StaffInvitation,
            StaffMember,
            Studio,
            WaitlistEntry,
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[IdempotencyReport, ValidationCache],
    )
