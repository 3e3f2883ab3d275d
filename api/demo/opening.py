"""How a studio of the demo comes to be: founded, and opened with its clients and its schedule."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from api.demo.people import DemoAccount, DemoClient
from api.demo.plan import ClassPlan, CoursePlan, StudioPlan
from api.demo.writer import Meeting, StudioWriter, done, only
from domain.nouns.studio import Role
from domain.services import clients, policies, schedule, staff, studios
from persistence.database import Database


async def found(
    database: Database, plan: StudioPlan, accounts: Mapping[str, UUID], today: date, now: datetime
) -> StudioWriter:
    """The studio with its policy and staff."""
    studio = StudioWriter(database, accounts, plan.owner.email, plan.zone, today, now)
    command = studios.CreateStudio(studio.owner_id, None, plan.slug, plan.name, plan.zone.key, plan.currency)
    answer = await database.register(studio.owner_id, now, lambda registry: studios.create_studio(registry, command))
    studio.studio_id = done(answer.outcome).studio_id or 0
    await studio.do(policies.update_policy, policies.UpdatePolicy(plan.policy))
    for account, role in plan.staff:
        await add_staff(studio, account, role)
    for act in plan.at_the_founding:
        await act.write(studio)
    return studio


async def open_to_all(studio: StudioWriter, plan: StudioPlan) -> None:
    """The clients and the schedule, all at the writer's `now`."""
    for client in plan.clients:
        await add_client(studio, client)
    for course in plan.courses:
        await add_course(studio, course)
    for one_time in plan.classes:
        await add_class(studio, one_time)


async def add_staff(studio: StudioWriter, account: DemoAccount, role: Role) -> None:
    """By invitation, which they accept at once."""
    invited = await studio.do(staff.invite_staff, staff.InviteStaff(account.email, role, account.name))
    accept = staff.AcceptInvitation(only(invited.invitation))
    joined = await studio.do_as(studio.accounts[account.email], staff.accept_invitation, accept)
    studio.staff[account.email] = only(joined.staff)


async def add_client(studio: StudioWriter, client: DemoClient) -> None:
    made = await studio.do(clients.create_client, clients.CreateClient(client.name))
    client_id = studio.clients[client.first_name] = only(made.client)
    if client.account is not None:
        await studio.do(clients.link_client, clients.LinkClient(client_id, client.account.email))
        studio.managed_by[client.first_name] = studio.accounts[client.account.email]


async def add_course(studio: StudioWriter, course: CoursePlan) -> None:
    command = schedule.CreateCourse(
        name=course.name,
        description="",
        whole_course_price=course.whole,
        single_session_price=course.single,
        choices=course.policy,
        accepts_make_ups=course.accepts_make_ups,
        category=course.category,
    )
    course_id = studio.courses[course.name] = only((await studio.do(schedule.create_course, command)).course)
    for day in course.days:
        await _add_session(studio, course, day, course_id)


async def add_class(studio: StudioWriter, one_time: ClassPlan) -> None:
    await _add_session(studio, one_time, one_time.day, None)


async def _add_session(studio: StudioWriter, plan: CoursePlan | ClassPlan, day: int, course_id: UUID | None) -> None:
    one_time = isinstance(plan, ClassPlan)
    starts_at = studio.instant(day, plan.clock)
    command = schedule.CreateSession(
        course_id=course_id,
        name=plan.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=plan.hours),
        capacity=plan.capacity,
        price=plan.price if one_time else None,
        accepts_make_ups=plan.accepts_make_ups if one_time else None,
        instructor_id=studio.staff[plan.teacher.email],
        category=plan.category if one_time else None,
    )
    session_id = only((await studio.do(schedule.create_session, command)).session)
    studio.sessions[plan.name, day] = Meeting(session_id, starts_at)
