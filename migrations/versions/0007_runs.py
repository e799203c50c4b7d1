"""Runs that can be judged later, questions that begin with what if, pairs kept apart, and joint matching by decision."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

CLOSED = (
    "unsafe", "too_far", "too_small", "too_dear", "not_now", "other_home", "household_withdrew", "let_elsewhere",
    "needs_repair", "too_many_people", "terms", "no_contract", "no_answer_social", "no_answer_company", "better_plan",
    "joint_off", "consent_ended", "need_changed", "home_gone",
)  # fmt: skip
STAGES = ("read", "eligibility", "solve", "explain", "check", "write")
SCOPES = ("building", "district", "municipality")
KINDS = ("more_homes", "other_rule", "this_home")


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    _reasons_to_close(CLOSED)
    op.add_column("quota_line", sa.Column("building_cap", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_quota_line_building_cap"), "quota_line", "building_cap >= 1")
    stage = _word("runstage", STAGES)
    op.add_column("matching_run", sa.Column("stage", stage, nullable=True))
    op.add_column("matching_run", sa.Column("joint", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("matching_run", sa.Column("kept", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("matching_run", "joint", server_default=None)
    op.alter_column("matching_run", "kept", server_default=None)
    empty = sa.text("'[]'::jsonb")
    op.add_column("why_not", sa.Column("homes", _json(), nullable=False, server_default=empty))
    op.alter_column("why_not", "homes", server_default=None)
    _joint_matching()
    _run_record()
    _empty_home_figure()
    _kept_apart()
    _what_if()


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for table in ("what_if", "kept_apart", "empty_home_figure", "run_record", "joint_matching"):
        op.drop_table(table)
    op.drop_column("why_not", "homes")
    for column in ("stage", "joint", "kept"):
        op.drop_column("matching_run", column)
    op.drop_column("quota_line", "building_cap")
    op.execute("update placement set closed_because = 'better_plan' where closed_because = 'joint_off'")
    op.execute("update placement_event set because = 'better_plan' where because = 'joint_off'")
    _reasons_to_close(tuple(one for one in CLOSED if one != "joint_off"))


def _reasons_to_close(codes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)
    for table, column in (("placement", "closed_because"), ("placement_event", "because")):
        op.drop_constraint(f"ck_{table}_closed", table)
        op.create_check_constraint(op.f(f"ck_{table}_closed"), table, f"{column} in ({listed})")


def _word(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(astext_type=sa.Text())


def _id(name: str, *, nullable: bool = False) -> sa.Column[sa.Uuid]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _joint_matching() -> None:
    op.create_table(
        "joint_matching",
        _id("id"),
        _id("board_id"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        _id("changed_by", nullable=True),
        _moment("changed_at"),
        _to("joint_matching", "board_id", "organisation"),
        _to("joint_matching", "changed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_matching")),
        sa.UniqueConstraint("board_id", name=op.f("uq_joint_matching_board_id")),
    )


def _run_record() -> None:
    op.create_table(
        "run_record",
        _id("id"),
        _id("run_id"),
        _id("board_id"),
        _moment("made_at"),
        sa.Column("problem", sa.LargeBinary(), nullable=False),
        sa.Column("plan", _json(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        _to("run_record", "run_id", "matching_run", "CASCADE"),
        _to("run_record", "board_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_record")),
        sa.UniqueConstraint("run_id", name=op.f("uq_run_record_run_id")),
    )
    op.create_index("ix_run_record_board", "run_record", ["board_id", "made_at"])


def _empty_home_figure() -> None:
    op.create_table(
        "empty_home_figure",
        _id("id"),
        _id("board_id"),
        _id("home_id"),
        _id("run_id"),
        sa.Column("fits", sa.Integer(), nullable=True),
        sa.Column("failing", _json(), nullable=False),
        _to("empty_home_figure", "board_id", "organisation"),
        _to("empty_home_figure", "home_id", "home", "CASCADE"),
        _to("empty_home_figure", "run_id", "matching_run", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_empty_home_figure")),
        sa.UniqueConstraint("board_id", "home_id", name=op.f("uq_empty_home_figure_board_id_home_id")),
    )


def _kept_apart() -> None:
    op.create_table(
        "kept_apart",
        _id("id"),
        _id("board_id"),
        _id("case_id"),
        _id("other_id"),
        sa.Column("scope", _word("apart", SCOPES), nullable=False),
        _id("made_by"),
        _moment("made_at"),
        _to("kept_apart", "board_id", "organisation"),
        _to("kept_apart", "case_id", "case_", "CASCADE"),
        _to("kept_apart", "other_id", "case_", "CASCADE"),
        _to("kept_apart", "made_by", "account"),
        sa.CheckConstraint("case_id < other_id", name=op.f("ck_kept_apart_two_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_apart")),
        sa.UniqueConstraint("case_id", "other_id", "scope", name=op.f("uq_kept_apart_case_id_other_id_scope")),
    )
    op.create_index(op.f("ix_kept_apart_board_id"), "kept_apart", ["board_id"])
    op.create_index("ix_kept_apart_other", "kept_apart", ["other_id"])


def _what_if() -> None:
    op.create_table(
        "what_if",
        _id("id"),
        _id("board_id"),
        _id("asked_by"),
        _moment("asked_at"),
        _id("case_id", nullable=True),
        sa.Column("kind", _word("asked", KINDS), nullable=False),
        sa.Column("details", _json(), nullable=False),
        _moment("answered_at", nullable=True),
        sa.Column("answer", _json(), nullable=False),
        _to("what_if", "board_id", "organisation"),
        _to("what_if", "asked_by", "account"),
        _to("what_if", "case_id", "case_", "CASCADE"),
        sa.CheckConstraint("(kind = 'more_homes') = (case_id is null)", name=op.f("ck_what_if_about_a_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
    )
    op.create_index(op.f("ix_what_if_board_id"), "what_if", ["board_id"])
    op.create_index(op.f("ix_what_if_case_id"), "what_if", ["case_id"])
    op.create_index("ix_what_if_asked_by", "what_if", ["asked_by", "asked_at"])
