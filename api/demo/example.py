"""What the README's example is about: Ana, a course on four Sundays, and a class by candlelight.

It has fixed dates and is entered at the founding, and nothing touches it later. So the example's answers are the same
whenever the demo was filled.
"""

from datetime import date, time, timedelta

from api.demo.acts import Enrol
from api.demo.ids import ids_from
from api.demo.opening import add_class, add_client, add_course
from api.demo.people import ANA, IVAN, KLARA, DemoClient
from api.demo.plan import ClassPlan, CoursePlan
from api.demo.writer import StudioWriter
from domain.nouns.booking import PaymentState

SUNDAYS = tuple(date(2026, 11, 29) + timedelta(weeks=week) for week in range(4))
CANDLELIGHT = date(2026, 12, 19)


class Example:
    """An act like any other, but with ids of its own: the README's stay as they are when the demo grows."""

    async def write(self, studio: StudioWriter) -> None:
        sundays = tuple((sunday - studio.today).days for sunday in SUNDAYS)
        candlelight = (CANDLELIGHT - studio.today).days
        ana = DemoClient(ANA.name, ANA)
        with ids_from(studio.database, "example"):
            await add_client(studio, ana)
            await add_course(studio, CoursePlan("Sunday yoga", "Yoga", sundays, time(18), IVAN, 8, 160_00, 50_00, True))
            await add_class(
                studio, ClassPlan("Candlelight yoga", "Yoga", candlelight, time(17), KLARA, 10, 60_00, True)
            )
            await Enrol("Sunday yoga", PaymentState.PAID, (ana.first_name,)).write(studio)
