"""Secrets of the case zone sealed in their rows; households' keys; when what was kept is deleted, and by whose word."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op

from bostad.sealing.columns import about, sealed_with
from bostad.sealing.envelope import new_key
from bostad.sealing.keyring import Keyring, NoKeys

revision = "0005"
down_revision = "0004"

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
        raise NoKeys("there are cases to seal: set BOSTAD_KEYS_FILE or BOSTAD_KEY for this migration")
    return keyring
