"""The rooms: accounts, needs, homes, agreements, placements, audit and outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

# The moves of placements/lifecycle.py as they stood at this revision; a test holds the two together (I08).
LEGAL_STAGES = """
create function placement_moves_legally() returns trigger language plpgsql as $$
begin
    if old.stage <> new.stage and (old.stage, new.stage) not in (
        ('proposed', 'released'), ('proposed', 'closed'), ('released', 'reserved'), ('released', 'closed'),
        ('reserved', 'signed'), ('reserved', 'closed'), ('signed', 'moved_in'), ('signed', 'closed')
    ) then
        raise exception 'a placement cannot go from % to %', old.stage, new.stage
            using errcode = 'check_violation', constraint = 'placement_moves_legally';
    end if;
    return new;
end
$$;
create trigger placement_moves_legally before update of stage on placement
    for each row execute function placement_moves_legally();
"""


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("key", "window_start", name=op.f("uq_attempt_key_window_start")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_row",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_row_hash")),
    )
    op.create_index(op.f("ix_audit_row_actor_id"), "audit_row", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_row_organisation_id"), "audit_row", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_audit_row_subject_id"), "audit_row", ["subject_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_attempts_from_zero")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_open", "message", ["due_at"], unique=False, postgresql_where=sa.text("done_at is null"))
    op.create_index(
        "uq_message_waiting",
        "message",
        ["kind", "key"],
        unique=True,
        postgresql_where=sa.text("done_at is null and leased_until is null"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "social_board",
                "housing_company",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("private_landlord", sa.Boolean(), nullable=False),
        sa.CheckConstraint("code = lower(code)", name=op.f("ck_organisation_code_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_place_municipality_name")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("code", name=op.f("uq_school_code")),
    )
    op.create_index("ix_school_municipality", "school", ["municipality"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_force",
                "paused",
                "ended",
                name="agreementstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("municipality_days", sa.Integer(), nullable=False),
        sa.Column("household_days", sa.Integer(), nullable=False),
        sa.Column("company_days", sa.Integer(), nullable=False),
        sa.Column("reservation_days", sa.Integer(), nullable=False),
        sa.Column("monthly_cap", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "municipality_days > 0 and household_days > 0 and company_days > 0 and reservation_days > 0",
            name=op.f("ck_agreement_days"),
        ),
        sa.CheckConstraint(
            "valid_until is null or valid_until >= valid_from", name=op.f("ck_agreement_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["board_id"], ["organisation.id"], name=op.f("fk_agreement_board_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_agreement_company_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("board_id", "reference", name=op.f("uq_agreement_board_id_reference")),
    )
    op.create_index(op.f("ix_agreement_company_id"), "agreement", ["company_id"], unique=False)
    op.create_table(
        "matching_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_because", sa.String(length=200), nullable=True),
        sa.Column("input_hash", sa.String(length=64), nullable=True),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("misfit", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("seconds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["organisation.id"], name=op.f("fk_matching_run_board_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_run")),
    )
    op.create_index("ix_matching_run_board", "matching_run", ["board_id", "started_at"], unique=False)
    op.create_index(
        "uq_matching_run_going",
        "matching_run",
        ["board_id"],
        unique=True,
        postgresql_where=sa.text("finished_at is null"),
    )
    op.create_table(
        "shelter_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shelter",
                "support_flat",
                "elsewhere",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["organisation.id"], name=op.f("fk_shelter_place_board_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelter_place")),
        sa.UniqueConstraint("board_id", "code", name=op.f("uq_shelter_place_board_id_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_organisation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_unit_organisation_id_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "social_worker",
                "unit_manager",
                "housing_staff",
                "administrator",
                "data_protection_officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_account_username_lower")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_index(op.f("ix_account_organisation_id"), "account", ["organisation_id"], unique=False)
    op.create_table(
        "quota_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("groups", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("contracts", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("per_month", sa.Integer(), nullable=False),
        sa.Column(
            "carry_over",
            sa.Enum(
                "none", "within_year", "limited", name="carryover", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("carry_limit", sa.Integer(), nullable=True),
        sa.Column("required", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("school_m_max", sa.Integer(), nullable=True),
        sa.Column("districts_excluded", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("rent_max", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(carry_over = 'limited') = (carry_limit is not null)", name=op.f("ck_quota_line_carry_limit")
        ),
        sa.CheckConstraint("cardinality(groups) > 0", name=op.f("ck_quota_line_for_somebody")),
        sa.CheckConstraint("per_month >= 0", name=op.f("ck_quota_line_per_month")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_quota_line_agreement_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_line")),
        sa.UniqueConstraint("agreement_id", "code", name=op.f("uq_quota_line_agreement_id_code")),
    )
    op.create_table(
        "case_",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_because",
            sa.Enum(
                "solved_otherwise",
                "stayed",
                "moved",
                "returned",
                "withdrew",
                "mistake",
                name="closedbecause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(closed_at is null) = (closed_because is null)", name=op.f("ck_case__closed_with_reason")),
        sa.ForeignKeyConstraint(["board_id"], ["organisation.id"], name=op.f("fk_case__board_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case__unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["worker_id"], ["account.id"], name=op.f("fk_case__worker_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_")),
        sa.UniqueConstraint("board_id", "case_number", name=op.f("uq_case__board_id_case_number")),
    )
    op.create_index(op.f("ix_case__unit_id"), "case_", ["unit_id"], unique=False)
    op.create_index(op.f("ix_case__worker_id"), "case_", ["worker_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("user_id", "path", name=op.f("uq_draft_user_id_path")),
    )
    op.create_table(
        "home",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "published",
                "paused",
                "let",
                "withdrawn",
                name="homestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "withdrawn_because",
            sa.Enum(
                "let_elsewhere",
                "renovation",
                "mistake",
                "date_passed",
                name="withdrawnbecause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("apartment_number", sa.String(length=4), nullable=True),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("building", sa.String(length=120), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Integer(), nullable=True),
        sa.Column("rent", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("max_people", sa.Integer(), nullable=True),
        sa.Column("school_m", sa.Integer(), nullable=True),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("offer_until", sa.Date(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("shortfalls", sa.ARRAY(sa.String()), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_because is not null)", name=op.f("ck_home_withdrawn_with_reason")
        ),
        sa.CheckConstraint(
            "apartment_number is null or apartment_number ~ '^[0-9]{4}$'", name=op.f("ck_home_apartment_number")
        ),
        sa.CheckConstraint("(lat is null) = (lon is null)", name=op.f("ck_home_place_whole")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_home_month_starts")),
        sa.CheckConstraint("rooms > 0 and rent > 0 and (area_m2 is null or area_m2 > 0)", name=op.f("ck_home_sizes")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_home_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["line_id"], ["quota_line.id"], name=op.f("fk_home_line_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home")),
    )
    op.create_index("ix_home_line_month", "home", ["line_id", "month"], unique=False)
    op.create_index(
        "uq_home_live",
        "home",
        ["company_id", "object_number"],
        unique=True,
        postgresql_where=sa.text("state in ('published', 'paused')"),
    )
    op.create_table(
        "line_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= approved and approved <= delivered", name=op.f("ck_line_month_approved_are_delivered")
        ),
        sa.CheckConstraint("0 <= released and released <= agreed + carried", name=op.f("ck_line_month_quota_kept")),
        sa.CheckConstraint("0 <= signed and signed <= released", name=op.f("ck_line_month_signed_are_released")),
        sa.CheckConstraint("agreed >= 0 and carried >= 0", name=op.f("ck_line_month_quota_from_zero")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_line_month_month_starts")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["quota_line.id"], name=op.f("fk_line_month_line_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_month")),
        sa.UniqueConstraint("line_id", "month", name=op.f("uq_line_month_line_id_month")),
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_one_time_code_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_one_time_code_code_hash")),
    )
    op.create_index(
        "uq_one_time_code_open", "one_time_code", ["user_id"], unique=True, postgresql_where=sa.text("spent_at is null")
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"], unique=False)
    op.create_table(
        "deputy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_deputy_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_deputy_user_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_deputy_case_id_user_id")),
    )
    op.create_index(op.f("ix_deputy_user_id"), "deputy", ["user_id"], unique=False)
    op.create_table(
        "home_feature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=False),
        sa.Column(
            "feature",
            sa.Enum(
                "above_ground_floor",
                "not_reachable_from_ground",
                "door_code",
                "intercom",
                "security_door",
                "peephole",
                "lift",
                "step_free",
                "second_way_out",
                "lockable_room",
                "pets",
                "balcony",
                "parking",
                "bathtub",
                "laundry_in_home",
                name="feature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "met", "not_met", "unknown", name="featurestate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "staff",
                "inspection",
                "import",
                name="featuresource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_home_feature_home_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_feature")),
        sa.UniqueConstraint("home_id", "feature", name=op.f("uq_home_feature_home_id_feature")),
    )
    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "paused",
                "housed",
                "closed",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "paused_because",
            sa.Enum(
                "by_worker",
                "no_answer",
                "to_review",
                "consent",
                name="pausedbecause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opted_in", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sections_done", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "risk",
            sa.Enum("acute", "high", "standard", name="risk", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("couples", sa.Integer(), nullable=False),
        sa.Column("child_ages", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("ages_true_on", sa.Date(), nullable=True),
        sa.Column("rooms_min", sa.Integer(), nullable=True),
        sa.Column("rent_max", sa.Integer(), nullable=True),
        sa.Column("municipalities", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("move_in_from", sa.Date(), nullable=True),
        sa.Column("move_in_by", sa.Date(), nullable=True),
        sa.Column("contracts", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("target_group", sa.String(length=40), nullable=False),
        sa.Column("must", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("wish", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("school_m_max", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_because is not null)", name=op.f("ck_need_paused_with_reason")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'closed') or (risk is not null and waiting_since is not null and adults is not null and ages_true_on is not null and rent_max is not null and cardinality(municipalities) > 0)",
            name=op.f("ck_need_complete_when_open"),
        ),
        sa.CheckConstraint(
            "adults >= 1 and couples >= 0 and 2 * couples <= adults", name=op.f("ck_need_couples_are_adults")
        ),
        sa.CheckConstraint(
            "move_in_by is null or move_in_from is null or move_in_from <= move_in_by", name=op.f("ck_need_dates")
        ),
        sa.CheckConstraint("rent_max > 0 and rooms_min >= 1 and school_m_max >= 0", name=op.f("ck_need_sizes")),
        sa.ForeignKeyConstraint(["board_id"], ["organisation.id"], name=op.f("fk_need_board_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_need_case_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index("ix_need_board_state", "need", ["board_id", "state"], unique=False)
    op.create_index(op.f("ix_need_case_id"), "need", ["case_id"], unique=False)
    op.create_index(
        "uq_need_live", "need", ["case_id"], unique=True, postgresql_where=sa.text("state not in ('housed', 'closed')")
    )
    op.create_table(
        "shelter_stay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shelter",
                "support_flat",
                "elsewhere",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ready_since", sa.Date(), nullable=True),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_shelter_stay_ends_after_start")),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_shelter_stay_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["shelter_place.id"], name=op.f("fk_shelter_stay_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelter_stay")),
    )
    op.create_index(
        "uq_shelter_stay_open", "shelter_stay", ["case_id"], unique=True, postgresql_where=sa.text("until is null")
    )
    op.create_index(
        "uq_shelter_stay_place",
        "shelter_stay",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("until is null and place_id is not null"),
    )
    op.create_table(
        "avoid_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "district", "building", "circle", name="avoidkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("metres", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'circle') = (lat is not null and lon is not null and metres > 0)",
            name=op.f("ck_avoid_area_circle"),
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_avoid_area_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avoid_area")),
    )
    op.create_index(op.f("ix_avoid_area_need_id"), "avoid_area", ["need_id"], unique=False)
    op.create_table(
        "blocked_company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_blocked_company_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_blocked_company_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_company")),
        sa.UniqueConstraint("need_id", "company_id", name=op.f("uq_blocked_company_need_id_company_id")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("find_home", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("field_groups", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column(
            "given_how",
            sa.Enum(
                "written", "oral", "e_signature", name="givenhow", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(field_groups) > 0", name=op.f("ck_consent_covers_something")),
        sa.CheckConstraint("ends_on >= given_on and ends_on <= given_on + 180", name=op.f("ck_consent_ends_in_time")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_consent_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_consent_need_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_consent_recorded_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_need_id"), "consent", ["need_id"], unique=False)
    op.create_index(
        "uq_consent_live",
        "consent",
        ["need_id", "company_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_table(
        "never_again",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("object_number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_never_again_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_never_again_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_never_again")),
        sa.UniqueConstraint(
            "need_id", "company_id", "object_number", name=op.f("uq_never_again_need_id_company_id_object_number")
        ),
    )
    op.create_table(
        "why_not",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_why_not_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name=op.f("fk_why_not_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_why_not")),
        sa.UniqueConstraint("need_id", name=op.f("uq_why_not_need_id")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_card_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_card_consent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code", name=op.f("uq_card_code")),
    )
    op.create_index("ix_card_company", "card", ["company_id"], unique=False)
    op.create_index(op.f("ix_card_consent_id"), "card", ["consent_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "proposed",
                "released",
                "reserved",
                "signed",
                "moved_in",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("viewing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("by_hand_because", sa.String(length=200), nullable=True),
        sa.Column("misfit", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column(
            "contract",
            sa.Enum(
                "first_hand",
                "guarantee",
                "social",
                name="contractform",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("contract_from", sa.Date(), nullable=True),
        sa.Column("takeover_on", sa.Date(), nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column(
            "closed_because",
            sa.Enum(
                "unsafe",
                "too_far",
                "too_small",
                "too_dear",
                "not_now",
                "other_home",
                "household_withdrew",
                "let_elsewhere",
                "needs_repair",
                "too_many_people",
                "terms",
                "no_contract",
                "no_answer_social",
                "no_answer_company",
                "better_plan",
                "consent_ended",
                "need_changed",
                "home_gone",
                name="closed",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(stage = 'closed') = (closed_because is not null)", name=op.f("ck_placement_closed_with_reason")
        ),
        sa.CheckConstraint(
            "contract <> 'social' or takeover_on is not null", name=op.f("ck_placement_social_with_takeover")
        ),
        sa.CheckConstraint(
            "stage <> 'moved_in' or moved_in_on is not null", name=op.f("ck_placement_moved_in_with_date")
        ),
        sa.CheckConstraint(
            "stage in ('proposed', 'closed') or card_id is not null", name=op.f("ck_placement_shared_by_card")
        ),
        sa.CheckConstraint(
            "stage not in ('signed', 'moved_in') or contract is not null",
            name=op.f("ck_placement_signed_with_contract"),
        ),
        sa.CheckConstraint("by_hand_because is null or run_id is null", name=op.f("ck_placement_by_hand_or_by_run")),
        sa.ForeignKeyConstraint(
            ["board_id"], ["organisation.id"], name=op.f("fk_placement_board_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_placement_card_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_placement_company_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_placement_home_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_placement_need_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name=op.f("fk_placement_run_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_board_id"), "placement", ["board_id"], unique=False)
    op.create_index(op.f("ix_placement_company_id"), "placement", ["company_id"], unique=False)
    op.create_index(
        "ix_placement_deadline", "placement", ["deadline"], unique=False, postgresql_where=sa.text("stage <> 'closed'")
    )
    op.create_index(op.f("ix_placement_home_id"), "placement", ["home_id"], unique=False)
    op.create_index(op.f("ix_placement_need_id"), "placement", ["need_id"], unique=False)
    op.create_index(
        "uq_placement_live_home", "placement", ["home_id"], unique=True, postgresql_where=sa.text("stage <> 'closed'")
    )
    op.create_index(
        "uq_placement_live_need", "placement", ["need_id"], unique=True, postgresql_where=sa.text("stage <> 'closed'")
    )
    op.create_table(
        "placement_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "move",
            sa.Enum(
                "put",
                "release",
                "decline",
                "reserve",
                "refuse",
                "sign",
                "hand_over",
                "call_off",
                "preempt",
                "lapse",
                "stop",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "proposed",
                "released",
                "reserved",
                "signed",
                "moved_in",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "because",
            sa.Enum(
                "unsafe",
                "too_far",
                "too_small",
                "too_dear",
                "not_now",
                "other_home",
                "household_withdrew",
                "let_elsewhere",
                "needs_repair",
                "too_many_people",
                "terms",
                "no_contract",
                "no_answer_social",
                "no_answer_company",
                "better_plan",
                "consent_ended",
                "need_changed",
                "home_gone",
                name="closed",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "side",
            sa.Enum(
                "household", "company", "neither", name="side", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_placement_event_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_event_placement_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_event")),
    )
    op.create_index("ix_placement_event_placement", "placement_event", ["placement_id", "at"], unique=False)
    op.execute(LEGAL_STAGES)
    op.execute("insert into audit_head (id, number, hash) values (1, 0, repeat('0', 64))")


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_placement_event_placement", table_name="placement_event")
    op.drop_table("placement_event")
    op.drop_index("uq_placement_live_need", table_name="placement", postgresql_where=sa.text("stage <> 'closed'"))
    op.drop_index("uq_placement_live_home", table_name="placement", postgresql_where=sa.text("stage <> 'closed'"))
    op.drop_index(op.f("ix_placement_need_id"), table_name="placement")
    op.drop_index(op.f("ix_placement_home_id"), table_name="placement")
    op.drop_index("ix_placement_deadline", table_name="placement", postgresql_where=sa.text("stage <> 'closed'"))
    op.drop_index(op.f("ix_placement_company_id"), table_name="placement")
    op.drop_index(op.f("ix_placement_board_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(op.f("ix_card_consent_id"), table_name="card")
    op.drop_index("ix_card_company", table_name="card")
    op.drop_table("card")
    op.drop_table("why_not")
    op.drop_table("never_again")
    op.drop_index("uq_consent_live", table_name="consent", postgresql_where=sa.text("revoked_at is null"))
    op.drop_index(op.f("ix_consent_need_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_table("blocked_company")
    op.drop_index(op.f("ix_avoid_area_need_id"), table_name="avoid_area")
    op.drop_table("avoid_area")
    op.drop_index(
        "uq_shelter_stay_place",
        table_name="shelter_stay",
        postgresql_where=sa.text("until is null and place_id is not null"),
    )
    op.drop_index("uq_shelter_stay_open", table_name="shelter_stay", postgresql_where=sa.text("until is null"))
    op.drop_table("shelter_stay")
    op.drop_index("uq_need_live", table_name="need", postgresql_where=sa.text("state not in ('housed', 'closed')"))
    op.drop_index(op.f("ix_need_case_id"), table_name="need")
    op.drop_index("ix_need_board_state", table_name="need")
    op.drop_table("need")
    op.drop_table("home_feature")
    op.drop_index(op.f("ix_deputy_user_id"), table_name="deputy")
    op.drop_table("deputy")
    op.drop_index(op.f("ix_session_user_id"), table_name="session")
    op.drop_table("session")
    op.drop_index("uq_one_time_code_open", table_name="one_time_code", postgresql_where=sa.text("spent_at is null"))
    op.drop_table("one_time_code")
    op.drop_table("line_month")
    op.drop_index("uq_home_live", table_name="home", postgresql_where=sa.text("state in ('published', 'paused')"))
    op.drop_index("ix_home_line_month", table_name="home")
    op.drop_table("home")
    op.drop_table("draft")
    op.drop_index(op.f("ix_case__worker_id"), table_name="case_")
    op.drop_index(op.f("ix_case__unit_id"), table_name="case_")
    op.drop_table("case_")
    op.drop_table("quota_line")
    op.drop_index(op.f("ix_account_organisation_id"), table_name="account")
    op.drop_table("account")
    op.drop_table("unit")
    op.drop_table("shelter_place")
    op.drop_index("uq_matching_run_going", table_name="matching_run", postgresql_where=sa.text("finished_at is null"))
    op.drop_index("ix_matching_run_board", table_name="matching_run")
    op.drop_table("matching_run")
    op.drop_index(op.f("ix_agreement_company_id"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_index("ix_school_municipality", table_name="school")
    op.drop_table("school")
    op.drop_table("place")
    op.drop_table("organisation")
    op.drop_index(
        "uq_message_waiting", table_name="message", postgresql_where=sa.text("done_at is null and leased_until is null")
    )
    op.drop_index("ix_message_open", table_name="message", postgresql_where=sa.text("done_at is null"))
    op.drop_table("message")
    op.drop_index(op.f("ix_audit_row_subject_id"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_organisation_id"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_actor_id"), table_name="audit_row")
    op.drop_table("audit_row")
    op.drop_table("audit_head")
    op.drop_table("attempt")
