"""What somebody can do who owns the whole database server: put the triggers aside and write what she likes."""

from sqlalchemy import text
from sqlmodel import Session


def tamper(db: Session, *statements: str) -> None:
    """Run statements as a superuser with every trigger asleep."""
    db.execute(text("set local session_replication_role = 'replica'"))
    for statement in statements:
        db.execute(text(statement))
    db.execute(text("set local session_replication_role = 'origin'"))
    db.commit()
