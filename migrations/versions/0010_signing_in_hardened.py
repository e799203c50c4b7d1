"""Signing in, hardened: passkeys for whoever reads cases or administers, and what one is told of tries at one's account."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NEWS = ("reset", "enabled", "sessions_ended", "start_over_asked", "start_over_refused", "started_over")
NEWS_BEFORE = (*NEWS, "recovery_code_used")
TRIES = ("wrong_passwords", "wrong_second_steps")


def upgrade() -> None:
    """Bring the schema here from the revision before. Everybody signs in anew, since nobody knows by what she did."""
    op.add_column("session", sa.Column("code_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update session set ended_at = now() where ended_at is null")
    _tell_only(*NEWS_BEFORE, *TRIES)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.execute("delete from account_news where what in ('wrong_passwords', 'wrong_second_steps')")
    _tell_only(*NEWS_BEFORE)
    op.drop_column("session", "code_at")


def _tell_only(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_account_news_news"), "account_news", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_account_news_news"), "account_news", f"what in ({listed})")
