"""Studio Hana in Prague: what it is and what it offers."""

from datetime import time
from zoneinfo import ZoneInfo

from api.demo.example import Example
from api.demo.hana_timeline import TIMELINE
from api.demo.people import AT_HANA, IVAN, KLARA, MARTINA, OLGA, TOMAS, VERA
from api.demo.plan import ClassPlan, CoursePlan, StudioPlan
from domain.nouns.policy import Days
from domain.nouns.studio import Role

_COURSES = (
    CoursePlan(
        "Morning yoga",
        category="Yoga",
        days=range(-27, 37, 7),
        clock=time(7, 30),
        teacher=KLARA,
        capacity=6,
        whole=1_600_00,
        single=200_00,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Pilates",
        category="Pilates",
        days=range(-24, 33, 7),
        clock=time(19),
        teacher=TOMAS,
        capacity=6,
        whole=1_800_00,
        single=None,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Swimming for children",
        category="Swimming",
        days=range(-21, 29, 7),
        clock=time(16, 30),
        teacher=IVAN,
        capacity=4,
        whole=2_400_00,
        single=350_00,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Open flow",
        category="Yoga",
        days=range(-26, 70, 7),
        clock=time(18),
        teacher=KLARA,
        capacity=8,
        whole=None,
        single=180_00,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Meditation",
        category="Meditation",
        days=range(-22, 28, 7),
        clock=time(20),
        teacher=TOMAS,
        capacity=10,
        whole=900_00,
        single=150_00,
        accepts_make_ups=True,
        policy={"make_ups_enabled": False},
    ),
)
_CLASSES = (
    ClassPlan("Full moon yoga", "Yoga", -9, time(20, 30), VERA, 12, price=250_00, accepts_make_ups=True),
    ClassPlan("First steps on the reformer", "Pilates", 2, time(17, 30), TOMAS, 2, price=300_00, accepts_make_ups=True),
    ClassPlan("Open stretching", "Yoga", 5, time(10), IVAN, 12, price=150_00, accepts_make_ups=True),
    ClassPlan("Breathing workshop", "Workshop", 12, time(9), KLARA, 8, price=1_900_00, accepts_make_ups=False, hours=6),
    # While the younger ones swim.
    ClassPlan("Acrobatics for children", "Yoga", 14, time(17), KLARA, 8, price=220_00, accepts_make_ups=True),
    ClassPlan("Yoga and brunch", "Yoga", 47, time(10), KLARA, 20, price=450_00, accepts_make_ups=True),
    ClassPlan(
        "Ashtanga intensive", "Workshop", 61, time(9), TOMAS, 10, price=2_400_00, accepts_make_ups=False, hours=5
    ),
)

HANA = StudioPlan(
    slug="yoga-hana",
    name="Studio Hana",
    zone=ZoneInfo("Europe/Prague"),
    currency="CZK",
    policy={"make_ups_enabled": True, "validity": Days(14), "excused_absence_earns": True},
    owner=OLGA,
    staff=(
        (MARTINA, Role.MANAGER),
        (IVAN, Role.INSTRUCTOR),
        (KLARA, Role.INSTRUCTOR),
        (TOMAS, Role.INSTRUCTOR),
        (VERA, Role.INSTRUCTOR),
    ),
    clients=AT_HANA,
    courses=_COURSES,
    classes=_CLASSES,
    timeline=TIMELINE,
    at_the_founding=(Example(),),
)
