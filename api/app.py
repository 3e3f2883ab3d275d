"""The wiring: settings in, the web application out."""

from datetime import timedelta

from starlette.applications import Starlette

from api.execution import run_on
from api.http import GraphQLEndpoint
from api.invitations import InvitationCodes
from api.operations import Caller
from api.passwords import Passwords
from api.settings import Settings
from api.signing_key import load_signing_key
from api.tokens import Tokens
from api.web import assemble
from persistence.database import Database
from schema import build_schema
from schema.context import Context


def create_app(settings: Settings, passwords: Passwords | None = None) -> Starlette:
    """The application, not yet open: its lifespan opens the database. Raises `SettingsError`."""
    database = Database(settings.sqlalchemy_url)
    key = load_signing_key(settings)
    tokens = Tokens(key, timedelta(minutes=settings.access_token_minutes))
    hashing = passwords or Passwords()

    def context(caller: Caller) -> Context:
        return Context(
            database=database,
            account_id=caller.account_id,
            now=caller.now,
            travelling=caller.travelling,
            passwords=hashing,
            tokens=tokens,
            invitations=InvitationCodes(key),
        )

    endpoint = GraphQLEndpoint(
        run_on(build_schema(), context),
        tokens,
        time_travel=settings.time_travel,
        suggestions=settings.is_development,
    )
    return assemble(settings, endpoint, database)
