"""Deciding the policy of a studio, a course, a session."""

from typing import Annotated

import strawberry

from domain.services import policies
from schema.acting import INPUT, mutation, perform
from schema.acts.policy_inputs import UpdateCoursePolicyInput, UpdateSessionPolicyInput, UpdateStudioPolicyInput
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.course import Course
from schema.nouns.session import Session
from schema.nouns.studio import Studio, studio_of
from schema.refusals import Refused
from schema.sight import seen


@strawberry.type(description="The policy is as asked for. No credit already issued has changed.")
class StudioPolicyUpdated:
    studio: Studio = strawberry.field(description="The studio with its policy.")


@strawberry.type(description="The course decides as asked for. Nothing already issued or booked has changed.")
class CoursePolicyUpdated:
    course: Course = strawberry.field(description="The course with its policy.")


@strawberry.type(description="The session decides as asked for. Nothing already issued or booked has changed.")
class SessionPolicyUpdated:
    session: Session = strawberry.field(description="The session with its policy.")


UpdateStudioPolicyResult = Annotated[
    StudioPolicyUpdated | Refused,
    strawberry.union("UpdateStudioPolicyResult", description="The policy, or every setting that is wrong."),
]
UpdateCoursePolicyResult = Annotated[
    CoursePolicyUpdated | Refused,
    strawberry.union("UpdateCoursePolicyResult", description="The policy, or every setting that is wrong."),
]
UpdateSessionPolicyResult = Annotated[
    SessionPolicyUpdated | Refused,
    strawberry.union("UpdateSessionPolicyResult", description="The policy, or every setting that is wrong."),
]


@strawberry.type
class PolicyMutations:
    @mutation(
        "Changes what the studio has decided about cancelling and make-ups. Nobody who waits is seated by it, and seats"
        " that are on offer to them stay so, until something next happens in the session. By its owner.",
        policies.STUDIO_CODES,
    )
    async def update_studio_policy(
        self, info: Info, input: Annotated[UpdateStudioPolicyInput, INPUT]
    ) -> UpdateStudioPolicyResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = policies.UpdatePolicy(input.changes())
        outcome = await perform(info, studio_id, input, lambda work: policies.update_policy(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return StudioPolicyUpdated(studio=Studio.of(await studio_of(info, studio_id)))

    @mutation(
        "Changes what a course decides for its sessions. Seats that it opens in those to come, such as extra ones, go"
        " first to those who wait for them. By the studio's owner; `extraMakeUpSeats`, `maxMakeUps` and"
        " `freedSeatsOnly` by its managers too.",
        policies.CODES,
    )
    async def update_course_policy(
        self, info: Info, input: Annotated[UpdateCoursePolicyInput, INPUT]
    ) -> UpdateCoursePolicyResult | None:
        course = expect(Kind.COURSE, input.course_id, "courseId")
        command = policies.UpdateCoursePolicy(course.key, input.changes())
        outcome = await perform(
            info, course.studio_id, input, lambda work: policies.update_course_policy(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        return CoursePolicyUpdated(course=await seen(info, Course, Kind.COURSE, course.studio_id, outcome.course))

    @mutation(
        "Changes what a session decides for itself. Seats that it opens, such as extra ones, go first to those who wait"
        " for them. By the studio's owner; `extraMakeUpSeats`, `maxMakeUps` and `freedSeatsOnly` by its managers too.",
        policies.CODES,
    )
    async def update_session_policy(
        self, info: Info, input: Annotated[UpdateSessionPolicyInput, INPUT]
    ) -> UpdateSessionPolicyResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        command = policies.UpdateSessionPolicy(session.key, input.changes())
        outcome = await perform(
            info, session.studio_id, input, lambda work: policies.update_session_policy(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        return SessionPolicyUpdated(session=await seen(info, Session, Kind.SESSION, session.studio_id, outcome.session))
