"""Connecting to PostgreSQL and bringing its schema up to date."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bostad.records import Sessions
from bostad.resources import resource

STATEMENT_SECONDS = 30


def connect(url: str, *, pool_size: int = 10) -> Engine:
    """Open a pool. A statement that takes over half a minute is stopped by the server."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c timezone=UTC"},
    )


def sessions_on(engine: Engine) -> Sessions:
    """Give the factory of sessions that every service function takes."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def migrate(url: str) -> None:
    """Bring the schema to the newest revision; one at a time, held apart by an advisory lock."""
    engine = connect(url, pool_size=1)
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def is_current(engine: Engine) -> bool:
    """Tell whether the schema stands at the newest revision."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    return config
