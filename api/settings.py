"""Every setting of the process: environment variables, read once, checked before anything starts."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "ENCORE_"
MIN_SIGNING_KEY_BYTES = 32

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


class SettingsError(Exception):
    """The settings cannot be used. `sentences` says why, one complete sentence for each problem."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def _invalid(sentence: str) -> PydanticCustomError:
    # The sentence is passed as a value: a template of pydantic's would read braces in it as names.
    return PydanticCustomError("setting", "{sentence}", {"sentence": sentence})


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """The settings, frozen. Build them with `read_settings`, which explains what is wrong in plain sentences."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        str_strip_whitespace=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    database_url: str = Field(
        default="sqlite:///var/encore.db",
        repr=False,
        description="The database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The TCP port to listen on; 0 takes any free one.")
    signing_key: SecretStr | None = Field(
        default=None,
        description="The secret that signs access tokens, at least 32 bytes. "
        "A local start (loopback and SQLite) makes one beside the database; required otherwise.",
    )
    access_token_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="How long an access token is valid, in minutes of the real clock.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(),
        description="The web origins that may call the API from a browser, separated by commas; none by default.",
    )
    time_travel: bool = Field(
        default=False, description="Allow the request header `Encore-Now` to set the time. Loopback only."
    )
    demo: bool = Field(
        default=False, description="Fill an empty database with a demo and print its log-ins. Loopback only."
    )
    graphiql: bool = Field(default=False, description="Serve an IDE at `/graphiql`.")

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            url = None
        if url is None or url.drivername not in _DRIVERS:
            raise _invalid("must begin with sqlite:/// or postgresql://.")
        if _is_sqlite(url) and (url.database or ":").startswith((":", "file:")):
            raise _invalid("must name a file, as in sqlite:///var/encore.db.")
        return value

    @field_validator("signing_key")
    @classmethod
    def _signing_key_is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < MIN_SIGNING_KEY_BYTES:
            raise _invalid(f"must be at least {MIN_SIGNING_KEY_BYTES} bytes long.")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_is_origin, value)):
            raise _invalid("must list origins such as https://studio.example, without a path and without *.")
        return value

    @model_validator(mode="after")
    def _development_stays_on_loopback(self) -> Self:
        for name in ("time_travel", "demo"):
            if getattr(self, name) and not self.is_loopback:
                raise _invalid(f"{PREFIX}{name.upper()} needs a loopback {PREFIX}HOST such as 127.0.0.1.")
        return self

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL with the async driver of the process, password included: never print it."""
        url = make_url(self.database_url)
        query = dict(url.query)
        if "sslmode" in query:  # libpq's name, which hosting companies write into their URLs; asyncpg calls it ssl
            query["ssl"] = query.pop("sslmode")
        return url.set(drivername=_DRIVERS[url.drivername], query=query).render_as_string(hide_password=False)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None when the database is PostgreSQL."""
        url = make_url(self.database_url)
        return Path(url.database) if _is_sqlite(url) and url.database else None

    @property
    def is_loopback(self) -> bool:
        """Whether the process can be reached from this machine only."""
        try:
            return self.host.lower() == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_local(self) -> bool:
        """A start on one's own machine: loopback and SQLite."""
        return self.is_loopback and self.sqlite_path is not None

    @property
    def is_development(self) -> bool:
        """Whether something is on that only a developer's own machine may have."""
        return self.time_travel or self.demo


def read_settings() -> Settings:
    """The settings of this process, from its environment.

    Raises `SettingsError`, which never repeats a value: it may be a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(*map(_sentence, error.errors(include_input=False, include_url=False))) from None


def _sentence(problem: Any) -> str:
    message = str(problem["msg"]).removesuffix(".")
    return f"{PREFIX}{str(problem['loc'][0]).upper()}: {message}." if problem["loc"] else f"{message}."


def _is_sqlite(url: URL) -> bool:
    return url.drivername.startswith("sqlite")


def _is_origin(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # a port that is no number shows itself only when asked for
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and value == f"{parts.scheme}://{parts.netloc}" and _is_host(parts.netloc)


def _is_host(netloc: str) -> bool:
    return bool(netloc) and netloc == netloc.lower() and not set(netloc) & set("*@ ")
