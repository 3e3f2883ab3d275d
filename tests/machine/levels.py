"""More rules of the state machine: courses and sessions decide too."""

from hypothesis.stateful import rule

from domain.services import policies
from tests.machine.machine import MOSTLY_STAFF, StudioMachine, a, changes
from tests.machine.world import COURSE_SETTINGS, SESSION_SETTINGS, WRONG_SETTINGS

WRONG = {name: values for name, values in WRONG_SETTINGS.items() if name in COURSE_SETTINGS}
WRONG_OF_SESSION = {name: values for name, values in WRONG.items() if name in SESSION_SETTINGS}


class LevelsMachine(StudioMachine):
    @rule(who=MOSTLY_STAFF, course=a("course"), settings=changes(COURSE_SETTINGS) | changes(COURSE_SETTINGS | WRONG))
    def course_policy_is_changed(self, who: str, course: str, settings: dict[str, object]) -> None:
        key, settings = self.id(course), self.decided(settings)
        says = self.oracle.judge(self.oracle.change_course_policy, self.id(who), self.now, key, settings)
        self.act(who, says, policies.update_course_policy, policies.UpdateCoursePolicy(key, settings), policies.CODES)

    @rule(
        who=MOSTLY_STAFF,
        session=a("session"),
        settings=changes(SESSION_SETTINGS) | changes(SESSION_SETTINGS | WRONG_OF_SESSION),
    )
    def session_policy_is_changed(self, who: str, session: str, settings: dict[str, object]) -> None:
        key = self.id(session)
        says = self.oracle.judge(self.oracle.change_session_policy, self.id(who), self.now, key, settings)
        self.act(who, says, policies.update_session_policy, policies.UpdateSessionPolicy(key, settings), policies.CODES)
