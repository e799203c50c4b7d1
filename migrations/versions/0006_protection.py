"""Protection: excluded staff, the second basis, reservations, heightened protection, county runs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = "uq_case__board_id_case_number_hash"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    op.add_column("organisation", sa.Column("contact", sa.String(length=120), nullable=True))
    _heightened()
    _lifted_by_two("blocked_company")
    op.create_table(
        "excluded_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        *_keys("excluded_staff", need_id=("need", "CASCADE"), company_id=("organisation", "RESTRICT")),
        sa.UniqueConstraint("need_id", "company_id", "name", name="uq_excluded_staff_need_id_company_id_name"),
    )
    _lifted_by_two("excluded_staff")
    op.create_table(
        "case_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("window_start", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        *_keys("case_search", user_id=("account", "CASCADE")),
        sa.UniqueConstraint("user_id", "window_start", name="uq_case_search_user_id_window_start"),
    )
    _second_basis()
    _reservation()
    _county_runs()


def _heightened() -> None:
    op.add_column("case_", sa.Column("heightened", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _lifted_by_two("case_")
    op.create_check_constraint("lifted_or_heightened", "case_", "not heightened or lifted_by is null")
    op.drop_constraint(NUMBER, "case_", type_="unique")
    op.create_index(
        NUMBER, "case_", ["board_id", "case_number_hash"], unique=True, postgresql_where=sa.text("not heightened")
    )
    op.create_index("ix_case__heightened", "case_", ["board_id"], postgresql_where=sa.text("heightened"))


def _lifted_by_two(table: str) -> None:
    for name in ("lift_asked_by", "lifted_by"):
        op.add_column(table, sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(f"fk_{table}_{name}_account", table, "account", [name], ["id"], ondelete="RESTRICT")
    op.create_check_constraint("lifted_by_another", table, "lifted_by <> lift_asked_by")


def _second_basis() -> None:
    op.create_table(
        "disclosure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("field_groups", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        *_keys(
            "disclosure_request",
            need_id=("need", "RESTRICT"),
            company_id=("organisation", "RESTRICT"),
            asked_by=("account", "RESTRICT"),
            decided_by=("account", "RESTRICT"),
        ),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_disclosure_request_decided_by_another")),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by is null) and (decided_at is null) = (granted is null)",
            name=op.f("ck_disclosure_request_decided"),
        ),
        sa.CheckConstraint(
            "ends_on >= asked_on and ends_on <= asked_on + 180", name=op.f("ck_disclosure_request_ends_in_time")
        ),
        sa.CheckConstraint("cardinality(field_groups) > 0", name=op.f("ck_disclosure_request_covers_something")),
    )
    op.create_index("ix_disclosure_request_need_id", "disclosure_request", ["need_id"])
    op.create_index(
        "uq_disclosure_request_open",
        "disclosure_request",
        ["need_id", "company_id"],
        unique=True,
        postgresql_where=sa.text("decided_at is null"),
    )
    op.add_column("consent", sa.Column("basis", sa.String(length=32), server_default="consent", nullable=False))
    op.create_check_constraint("basis", "consent", "basis in ('consent', 'necessity')")
    op.alter_column("consent", "given_how", nullable=True)
    for name, table in (("request_id", "disclosure_request"), ("approved_by", "account")):
        op.add_column("consent", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(f"fk_consent_{name}_{table}", "consent", table, [name], ["id"], ondelete="RESTRICT")
    op.create_check_constraint("given_somehow", "consent", "(basis = 'consent') = (given_how is not null)")
    op.create_check_constraint(
        "necessity_is_granted",
        "consent",
        "(basis = 'necessity') = (request_id is not null) and (request_id is null) = (approved_by is null)",
    )
    op.create_check_constraint("approved_by_another", "consent", "approved_by <> recorded_by")


def _reservation() -> None:
    op.add_column("card", sa.Column("reservation", sa.String(length=20), nullable=True))
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reservation", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_keys("acknowledgement", card_id=("card", "CASCADE"), user_id=("account", "RESTRICT")),
        sa.UniqueConstraint("card_id", "user_id", name="uq_acknowledgement_card_id_user_id"),
    )
    op.create_index("ix_acknowledgement_user_id", "acknowledgement", ["user_id"])


def _county_runs() -> None:
    op.create_table(
        "county_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("boards", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        *_keys("county_run", drafted_by=("organisation", "RESTRICT")),
        sa.CheckConstraint("cardinality(boards) >= 2", name=op.f("ck_county_run_between_boards")),
        sa.CheckConstraint("valid_until is null or valid_until >= valid_from", name=op.f("ck_county_run_dates")),
        sa.CheckConstraint("drafted_by = any(boards)", name=op.f("ck_county_run_drafted_by_a_party")),
    )
    op.create_table(
        "county_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("left_by", sa.Uuid(), nullable=True),
        *_keys(
            "county_member",
            run_id=("county_run", "RESTRICT"),
            board_id=("organisation", "RESTRICT"),
            decided_by=("account", "RESTRICT"),
            left_by=("account", "RESTRICT"),
        ),
        sa.CheckConstraint("(left_at is null) = (left_by is null)", name=op.f("ck_county_member_left_by_somebody")),
    )
    op.create_index("ix_county_member_run_id", "county_member", ["run_id"])
    op.create_index(
        "uq_county_member_live", "county_member", ["board_id"], unique=True, postgresql_where=sa.text("left_at is null")
    )


def _keys(table: str, **parents: tuple[str, str]) -> list[sa.Constraint]:
    """Give a table's primary key and its foreign keys, named as the house names them."""
    keys: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]
    for column, (parent, then) in parents.items():
        name = f"fk_{table}_{column}_{parent}"
        keys.append(sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=then))
    return keys


def downgrade() -> None:
    """Take the schema back to the revision before; what was disclosed by necessity has no place there and must be gone."""
    for table in ("county_member", "county_run", "acknowledgement", "case_search", "excluded_staff"):
        op.drop_table(table)
    op.drop_column("card", "reservation")
    for name in ("approved_by", "request_id", "basis"):
        op.drop_column("consent", name)
    op.alter_column("consent", "given_how", nullable=False)
    op.drop_table("disclosure_request")
    for table in ("blocked_company", "case_"):
        for name in ("lifted_by", "lift_asked_by"):
            op.drop_column(table, name)
    op.drop_index("ix_case__heightened", "case_")
    op.drop_index(NUMBER, "case_")
    op.drop_column("case_", "heightened")
    op.create_unique_constraint(NUMBER, "case_", ["board_id", "case_number_hash"])
    op.drop_column("organisation", "contact")
