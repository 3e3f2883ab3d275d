"""Who: everybody with a log-in, and the clients of each studio."""

import unicodedata
from dataclasses import dataclass

PASSWORD = "encore-demo"


@dataclass(frozen=True)
class DemoAccount:
    """A log-in with the password that everybody knows. `who` is told of those who are worth trying out."""

    email: str
    name: str
    who: str = ""


@dataclass(frozen=True)
class DemoClient:
    """Somebody who attends. `account` manages them; None for a guest. The timeline calls them by their first name."""

    name: str
    account: DemoAccount | None

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]


def _account(name: str) -> DemoAccount:
    """With an e-mail made of the name."""
    letters = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return DemoAccount(f"{letters.replace(' ', '.')}@example.com", name)


OLGA = DemoAccount("owner@example.com", "Olga Nováková", "owner of Studio Hana")
MARTINA = DemoAccount("manager@example.com", "Martina Králová", "manager of Studio Hana")
IVAN = DemoAccount("instructor@example.com", "Ivan Dvořák", "instructor at Studio Hana, and a client there")
ANA = DemoAccount("ana@example.com", "Ana Svobodová", "client of Studio Hana; the README's example is hers")
PETR = DemoAccount("petr@example.com", "Petr Černý", "parent of Ema and Jan at Studio Hana")
GRACE = DemoAccount("grace@example.com", "Grace Miller", "owner of Harbor Arts")
JULIA = DemoAccount("julia@example.com", "Julia Novak", "parent of Sofie at Studio Hana and of Leo at Harbor Arts")
MAYA = DemoAccount("maya@example.com", "Maya Chen", "client of Harbor Arts")
NINA = DemoAccount(
    "new@example.com", "Nina Hartmann", "has just signed up, attends nowhere yet; invited to teach at Studio Hana"
)

KLARA, TOMAS, VERA = _account("Klára Benešová"), _account("Tomáš Marek"), _account("Věra Holubová")
ROSA, JAMES, DANA = _account("Rosa Alvarez"), _account("James Carter"), _account("Dana Whitfield")


def _clients(*names: str) -> tuple[DemoClient, ...]:
    """Grown-ups, each with an account of their own."""
    return tuple(DemoClient(name, _account(name)) for name in names)


# Ana is not here: she comes with her example.
AT_HANA = (
    DemoClient("Ema Černá", PETR),
    DemoClient("Jan Černý", PETR),
    DemoClient("Sofie Nováková", JULIA),
    DemoClient("Ivan Dvořák", IVAN),
    *_clients("Adam Beneš", "Alena Fialová", "Barbora Malá", "Blanka Urbanová", "Cyril Horák", "Daniel Pokorný"),
    *_clients("Dita Sedláčková", "Eliška Jelínková", "Filip Růžička", "Gabriela Doležalová", "Helena Zemanová"),
    *_clients("Igor Kolář", "Iveta Navrátilová", "Jakub Čermák", "Jitka Vaňková", "Kamila Blažková", "Karel Krejčí"),
    *_clients("Lenka Kratochvílová", "Lukáš Bartoš", "Michal Vlček", "Monika Šimková", "Nikola Kopecká"),
    *_clients("Ondřej Konečný", "Pavla Musilová", "Radek Šťastný", "Renata Poláková", "Simona Hájková"),
    *_clients("Vojtěch Jaroš"),
    DemoClient("Marie Veselá", None),
    DemoClient("Josef Tichý", None),
)
AT_HARBOR = (
    DemoClient("Leo Novak", JULIA),
    DemoClient("Maya Chen", MAYA),
    *_clients("Aaron Brooks", "Abigail Foster", "Brandon Hayes", "Chloe Rivera", "Derek Olson", "Emily Nguyen"),
    *_clients("Ethan Price", "Fiona Walsh", "Gavin Scott", "Hannah Cole", "Isaac Grant", "Jasmine Ortiz"),
    *_clients("Kevin Park", "Laura Bennett", "Marcus Reed", "Natalie Kim", "Oscar Diaz", "Paige Turner"),
    *_clients("Quentin Shaw", "Rachel Adams", "Samuel Lee", "Victoria Stone"),
    DemoClient("Walter Hughes", None),
)

ACCOUNTS = (OLGA, MARTINA, IVAN, ANA, PETR, GRACE, JULIA, MAYA, NINA)
_STAFF = (OLGA, MARTINA, IVAN, KLARA, TOMAS, VERA, GRACE, ROSA, JAMES, DANA)
_MANAGING = tuple(client.account for client in (*AT_HANA, *AT_HARBOR) if client.account is not None)
# A parent of two stands there twice. Nina comes last.
EVERYBODY = (*dict.fromkeys((*_STAFF, ANA, *_MANAGING)), NINA)
