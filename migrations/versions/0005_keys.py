"""Secrets of the case zone sealed in their rows; households' keys; when what was kept is deleted, and by whose word."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from bostad.sealing.columns import about, sealed_with
from bostad.sealing.envelope import new_key
from bostad.sealing.keyring import Keyring, UnsafeKeys

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
LAW = "SoF (2025:468) 13 kap. 1 §"
PRESERVED = {"05": "Östergötlands län", "09": "Gotlands län", "22": "Västernorrlands län", "1480": "Göteborg"}
"""Where everything is kept, as the ordinance stands on the day of this revision. Later changes are rows, not code."""
KEPT = ("nothing", "research", "everything")
FINDINGS = ("no_decision", "preserved", "archived", "not_yet", "kept", "unanswered", "no_extract", "due")
SECRET_FACTS = ("avoid_districts", "avoid_buildings", "avoid_near", "blocked_companies")
AREA = ("municipality", "name", "lat", "lon", "metres")


def upgrade() -> None:
    """Bring the schema here from the revision before; what lies open in it is sealed."""
    op.create_table(
        "household_key",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_household_key_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_household_key")),
    )
    op.create_index(op.f("ix_household_key_key_id"), "household_key", ["key_id"])
    op.add_column("case_", sa.Column("case_number_hash", sa.LargeBinary(), nullable=True))
    for table in ("case_", "avoid_area", "placement"):
        op.add_column(table, sa.Column("sealed", sa.LargeBinary(), nullable=True))
    _seal_what_lies_open()
    op.alter_column("case_", "case_number_hash", nullable=False)
    for table in ("case_", "avoid_area"):
        op.alter_column(table, "sealed", nullable=False)
    op.drop_constraint("uq_case__board_id_case_number", "case_")
    op.create_unique_constraint(op.f("uq_case__board_id_case_number_hash"), "case_", ["board_id", "case_number_hash"])
    op.drop_column("case_", "case_number")
    op.drop_constraint("ck_avoid_area_circle", "avoid_area")
    for column in AREA:
        op.drop_column("avoid_area", column)
    op.drop_constraint("ck_placement_by_hand_or_by_run", "placement")
    op.drop_column("placement", "by_hand_because")
    op.create_check_constraint(op.f("ck_placement_by_hand_or_by_run"), "placement", "sealed is null or run_id is null")
    op.add_column("case_", sa.Column("kept_from_deletion", sa.Boolean(), nullable=True))
    op.add_column("case_", sa.Column("extracted_at", MOMENT, nullable=True))
    _what_is_decided()
    _what_is_found()
    _what_the_law_keeps()


def downgrade() -> None:
    """Refuse: what is sealed is not opened again to go back."""
    raise NotImplementedError("from here there is no way back: restore a backup from before the upgrade")


def _seal_what_lies_open() -> None:
    """Give every case a key, and seal its number, its areas and the reasons given for placing by hand."""
    connection = op.get_bind()
    keys: dict[UUID, bytes] = {}
    for case_id, board_id, number in connection.execute(sa.text("select id, board_id, case_number from case_")):
        keys[case_id] = new_key()
        key_id, wrapped = _keyring().wrap(keys[case_id], case_id)
        connection.execute(
            sa.text("insert into household_key (case_id, key_id, wrapped) values (:case, :key_id, :wrapped)"),
            {"case": case_id, "key_id": key_id, "wrapped": wrapped},
        )
        connection.execute(
            sa.text("update case_ set case_number_hash = :hash where id = :case"),
            {"hash": _keyring().hash_for(board_id, number), "case": case_id},
        )
        _seal("case_", case_id, case_id, keys[case_id], {"case_number": number})
    for row in _of_needs("select t.id, n.case_id, t.municipality, t.name, t.lat, t.lon, t.metres from avoid_area t"):
        _seal("avoid_area", row["id"], row["case_id"], keys[row["case_id"]], {name: row[name] for name in AREA})
    for row in _of_needs("select t.id, n.case_id, t.by_hand_because from placement t"):
        if row["by_hand_because"]:
            because = {"by_hand_because": row["by_hand_because"]}
            _seal("placement", row["id"], row["case_id"], keys[row["case_id"]], because)
    guessable = " ".join(f"- 'need.{name}'" for name in SECRET_FACTS)
    connection.execute(sa.text(f"update placement set facts = facts {guessable}"))  # noqa: S608 - our own words


def _of_needs(query: str) -> Iterator[dict[str, Any]]:
    rows = op.get_bind().execute(sa.text(f"{query} join need n on n.id = t.need_id")).mappings().all()
    return (dict(row) for row in rows)


def _seal(table: str, row_id: UUID, case_id: UUID, key: bytes, secrets: dict[str, Any]) -> None:
    sealed = sealed_with(key, secrets, about(table, row_id, case_id))
    op.get_bind().execute(
        sa.text(f"update {table} set sealed = :sealed where id = :id"),  # noqa: S608 - our own words
        {"sealed": sealed, "id": row_id},
    )


def _keyring() -> Keyring:
    keyring: Keyring | None = context.config.attributes.get("keyring")
    if keyring is None:
        raise UnsafeKeys("there are cases to seal: set BOSTAD_KEYS_FILE or BOSTAD_KEY for this migration")
    return keyring


def _what_is_decided() -> None:
    op.create_table(
        "retention_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("kept", _word("kept", KEPT), nullable=False),
        sa.Column("extract_first", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("years between 1 and 70", name=op.f("ck_retention_profile_years")),
        *_keys("retention_profile", board_id="organisation", recorded_by="account"),
        sa.UniqueConstraint("board_id", "valid_from", name=op.f("uq_retention_profile_board_id_valid_from")),
    )
    op.create_table(
        "deletion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("refused_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "approved_by <> proposed_by and refused_by <> proposed_by", name=op.f("ck_deletion_decided_by_another")
        ),
        sa.CheckConstraint("approved_by is null or refused_by is null", name=op.f("ck_deletion_decided_once")),
        sa.CheckConstraint(
            "(decided_at is null) = (approved_by is null and refused_by is null)", name=op.f("ck_deletion_decided")
        ),
        sa.CheckConstraint("done_at is null or approved_by is not null", name=op.f("ck_deletion_done_after_approval")),
        *_keys(
            "deletion",
            board_id="organisation",
            unit_id="unit",
            profile_id="retention_profile",
            proposed_by="account",
            approved_by="account",
            refused_by="account",
        ),
    )
    op.create_index(op.f("ix_deletion_board_id"), "deletion", ["board_id"])
    is_open = sa.text("done_at is null and refused_by is null")
    op.create_index("uq_deletion_open", "deletion", ["unit_id"], unique=True, postgresql_where=is_open)


def _what_is_found() -> None:
    op.create_table(
        "retention_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("last_note_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("finding", _word("finding", FINDINGS), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("deletion_id", sa.Uuid(), nullable=True),
        sa.Column("cleared_at", MOMENT, nullable=True),
        *_keys("retention_line", board_id="organisation", unit_id="unit"),
        sa.ForeignKeyConstraint(
            ["deletion_id"], ["deletion.id"], name=op.f("fk_retention_line_deletion_id"), ondelete="SET NULL"
        ),
        sa.UniqueConstraint("case_id", name=op.f("uq_retention_line_case_id")),
    )
    op.create_index(op.f("ix_retention_line_board_id"), "retention_line", ["board_id"])
    op.create_index(op.f("ix_retention_line_deletion_id"), "retention_line", ["deletion_id"])
    op.create_index("ix_retention_line_unit", "retention_line", ["unit_id", "finding"])
    op.create_table(
        "frozen_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("moved_in", "days_waited", "from_shelter", "days_in_shelter")
        ),
        sa.Column("lost", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *_keys("frozen_month", board_id="organisation", unit_id="unit"),
        sa.UniqueConstraint("unit_id", "month", name=op.f("uq_frozen_month_unit_id_month")),
    )
    op.create_index(op.f("ix_frozen_month_board_id"), "frozen_month", ["board_id"])


def _what_the_law_keeps() -> None:
    table = op.create_table(
        "preservation_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preservation_area")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_preservation_area_code_valid_from")),
    )
    since = date(2025, 7, 1)
    op.bulk_insert(
        table,
        [
            {"id": uuid4(), "code": code, "name": name, "reference": LAW, "valid_from": since}
            for code, name in PRESERVED.items()
        ],
    )


def _word(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def _keys(table: str, **parents: str) -> list[sa.Constraint]:
    keys: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    for column, parent in parents.items():
        name = op.f(f"fk_{table}_{column}")
        keys.append(sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="RESTRICT"))
    return keys
