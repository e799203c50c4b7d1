"""Signing in with two factors: passwords in a table of their own, authenticators, passkeys, recovery codes, and who may take them away."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema here from the revision before. Drafts are lost, since they are sealed in another way now."""
    _of_a_person("credential", sa.Column("password_hash", sa.String(length=200), nullable=False), unique=True)
    op.execute(
        "insert into credential (id, user_id, password_hash)"
        " select gen_random_uuid(), id, password_hash from account where password_hash is not null"
    )
    op.add_column("account", sa.Column("entered_at", MOMENT, nullable=True))
    op.execute("update account set entered_at = now() where password_hash is not null or disabled_at is not null")
    op.drop_column("account", "password_hash")
    op.execute("delete from draft")
    op.add_column("session", sa.Column("proved_at", MOMENT, nullable=True))
    _factors()
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", _word("purpose", "new_authenticator", "new_passkey", "passkey"), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_challenge_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("session_id", "purpose", name=op.f("uq_challenge_session_id_purpose")),
    )
    _start_overs_and_news()


def downgrade() -> None:
    """Take the schema back to the revision before; second factors are lost."""
    for table in ("account_news", "start_over", "challenge", "recovery_code", "passkey", "authenticator"):
        op.drop_table(table)
    op.drop_column("session", "proved_at")
    op.add_column("account", sa.Column("password_hash", sa.String(length=200), nullable=True))
    op.execute(
        "update account set password_hash = credential.password_hash from credential"
        " where credential.user_id = account.id"
    )
    op.drop_table("credential")
    op.drop_column("account", "entered_at")
    op.execute("delete from draft")


def _factors() -> None:
    _of_a_person(
        "authenticator",
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        unique=True,
    )
    _of_a_person(
        "passkey",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"], unique=False)
    _of_a_person(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")),
    )


def _start_overs_and_news() -> None:
    _of_a_person(
        "start_over",
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        _by("start_over", "asked_by"),
        _by("start_over", "decided_by"),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by is null)", name=op.f("ck_start_over_decided_by_somebody")
        ),
        sa.CheckConstraint("(decided_at is null) = (approved is null)", name=op.f("ck_start_over_decided_one_way")),
        sa.CheckConstraint("asked_by <> user_id and decided_by <> user_id", name=op.f("ck_start_over_by_others")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_start_over_two_persons")),
    )
    op.create_index(op.f("ix_start_over_user_id"), "start_over", ["user_id"], unique=False)
    op.create_index(
        "uq_start_over_open", "start_over", ["user_id"], unique=True, postgresql_where=sa.text("decided_at is null")
    )
    kinds = ("reset", "enabled", "sessions_ended", "start_over_asked", "start_over_refused", "started_over")
    _of_a_person(
        "account_news",
        sa.Column("what", _word("news", *kinds, "recovery_code_used"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        _by("account_news", "by_id"),
    )
    op.create_index(op.f("ix_account_news_user_id"), "account_news", ["user_id"], unique=False)


def _of_a_person(table: str, *more: sa.Column[object] | sa.Constraint, unique: bool = False) -> None:
    """Create a table whose rows are one person's, and go with her; `unique` where there is one row to a person."""
    once = [sa.UniqueConstraint("user_id", name=op.f(f"uq_{table}_user_id"))] if unique else []
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *more,
        _by(table, "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *once,
    )


def _by(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
