"""The log chained by the database itself, readings that are written once, emergency openings, and the monthly review.

The chain is computed anew over the rows that are there, in the form that the database now writes, after their old
fingerprints have been held against them: a chain that does not hold stops the migration. A row `audit.rechained` keeps the
last of the old fingerprints.
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

# One text for a row, the same for everybody who computes it (bostad/audit/chain.py does). The facts stand last: they are
# the only part that can hold a line end, and as JSON they never do.
TEXT = """
create function audit_text(r audit_row) returns text language sql stable set search_path = pg_catalog, pg_temp as $$
    select concat_ws(E'\\n', 'bostad audit 2', r.previous, r.number::text,
        to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(r.written_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(r.actor_id::text, '-'), coalesce(r.organisation_id::text, '-'), r.action,
        coalesce(r.subject_id::text, '-'), coalesce(r.case_id::text, '-'), coalesce(r.board_id::text, '-'),
        coalesce(r.purpose, '-'), coalesce(nullif(array_to_string(r.listed, ','), ''), '-'), r.facts::text)
$$
"""
HASH = """
create function audit_hash(r audit_row) returns text language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select encode(sha256(convert_to(audit_text(r), 'UTF8')), 'hex')
$$
"""
# Which case a row is about, whatever it names: the case itself, or what belongs to it. The housing side names a placement
# or a card and never learns the case.
CASE = """
create function audit_case(subject uuid) returns uuid language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(
        (select c.id from case_ c where c.id = subject),
        (select n.case_id from need n where n.id = subject),
        (select n.case_id from placement p join need n on n.id = p.need_id where p.id = subject),
        (select n.case_id from consent t join need n on n.id = t.need_id where t.id = subject),
        (select n.case_id from card d join consent t on t.id = d.consent_id join need n on n.id = t.need_id
            where d.id = subject))
$$
"""
# Why somebody had a case before her follows from what she is to it on that day: nobody chooses her own purpose.
PURPOSE = """
create function audit_purpose(actor uuid, the_case uuid, moment timestamptz) returns text language sql stable
    set search_path = pg_catalog, public, pg_temp as $$
    select case
        when a.role = 'housing_staff' then 'answering'
        when a.role = 'unit_manager' then 'leading'
        when a.role = 'data_protection_officer' then 'oversight'
        when c.worker_id = a.id then 'case_work'
        when exists (select 1 from deputy d where d.case_id = c.id and d.user_id = a.id
            and d.until >= (moment at time zone 'Europe/Stockholm')::date) then 'standing_in'
        when exists (select 1 from emergency_opening e where e.case_id = c.id and e.user_id = a.id
            and e.opened_at <= moment and e.until > moment) then 'emergency'
    end
    from account a join case_ c on c.id = the_case where a.id = actor
$$
"""
CHAINED = """
create function audit_row_is_chained() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    head audit_head%rowtype;
begin
    new.case_id := coalesce(new.case_id, audit_case(new.subject_id));
    new.board_id := (select c.board_id from case_ c where c.id = new.case_id);
    new.purpose := coalesce(new.purpose, audit_purpose(new.actor_id, new.case_id, new.at));
    new.listed := (select array_agg(distinct coalesce(audit_case(one), one)) from unnest(new.listed) one);
    select * into strict head from audit_head where id = 1 for update;
    new.number := head.number + 1;
    new.previous := head.hash;
    new.written_at := clock_timestamp();
    new.hash := audit_hash(new);
    update audit_head set number = new.number, hash = new.hash where id = 1;
    return new;
end
$$
"""
STAYS = """
create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the log is added to and never changed' using errcode = 'insufficient_privilege';
end
$$
"""
TRIGGERS = (
    "create trigger audit_row_is_chained before insert on audit_row for each row execute function audit_row_is_chained()",
    (
        "create trigger audit_row_stays before update or delete or truncate on audit_row"
        " for each statement execute function audit_stays()"
    ),
    (
        "create trigger audit_head_stays before delete or truncate on audit_head"
        " for each statement execute function audit_stays()"
    ),
)
# The whole chain at one look, for a page: how many rows, and the first that does not hold. A long one is not walked.
WALK = """
create function audit_walked(longest bigint, out rows bigint, out done boolean, out broken bigint)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    head audit_head%rowtype;
    last audit_row%rowtype;
begin
    select * into strict head from audit_head where id = 1;
    rows := head.number;
    done := rows <= longest;
    if not done then
        return;
    end if;
    select min(place) into broken from (
        select row_number() over in_order as place, r.number, r.previous, r.hash, audit_hash(r) as true_hash,
            lag(r.hash, 1, repeat('0', 64)) over in_order as hash_before
        from audit_row r where r.number <= head.number window in_order as (order by r.number)
    ) walked
    where place <> number or hash <> true_hash or previous <> hash_before;
    select * into last from audit_row r where r.number <= head.number order by r.number desc limit 1;
    if broken is null and (coalesce(last.number, 0), coalesce(last.hash, repeat('0', 64))) <> (head.number, head.hash) then
        broken := coalesce(last.number, 0) + 1;
    end if;
end
$$
"""
RECHAIN = """
do $$
declare
    old audit_row%rowtype;
    last_hash varchar(64) := repeat('0', 64);
    head audit_head%rowtype;
begin
    select * into strict head from audit_head for update;
    for old in select * from audit_row order by number loop
        old.case_id := audit_case(old.subject_id);
        old.board_id := (select c.board_id from case_ c where c.id = old.case_id);
        old.written_at := old.at;
        old.previous := last_hash;
        last_hash := audit_hash(old);
        update audit_row set case_id = old.case_id, board_id = old.board_id, written_at = old.written_at,
            previous = old.previous, hash = last_hash where number = old.number;
    end loop;
    update audit_head set hash = last_hash;
    if head.number > 0 then
        insert into audit_row (at, action, facts) values (clock_timestamp(), 'audit.rechained',
            jsonb_build_object('rows', head.number, 'head_before', head.hash));
    end if;
end
$$
"""


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    _refuse_a_broken_chain(op.get_bind())
    op.drop_index("ix_audit_row_actor_id", table_name="audit_row")
    op.add_column("audit_row", sa.Column("written_at", sa.DateTime(timezone=True)))
    op.add_column("audit_row", sa.Column("case_id", sa.Uuid()))
    op.add_column("audit_row", sa.Column("board_id", sa.Uuid()))
    op.add_column("audit_row", sa.Column("purpose", sa.String(length=32)))
    op.add_column("audit_row", sa.Column("listed", postgresql.ARRAY(sa.Uuid())))
    op.add_column("audit_row", sa.Column("previous", sa.String(length=64)))
    for statement in (TEXT, HASH, CASE):
        op.execute(statement)
    op.create_check_constraint("one_line", "audit_row", r"action ~ '^[a-z_]+\.[a-z0-9_]+$' and purpose ~ '^[a-z_]+$'")
    op.create_index("ix_audit_row_actor_id_at", "audit_row", ["actor_id", "at"])
    op.create_index("ix_audit_row_board_id", "audit_row", ["board_id"])
    op.create_index("ix_audit_row_case_id", "audit_row", ["case_id"])
    op.create_index(
        "ix_audit_row_listed",
        "audit_row",
        ["listed"],
        postgresql_using="gin",
        postgresql_where=sa.text("listed is not null"),
    )
    _make_tables()
    for statement in (PURPOSE, CHAINED, STAYS, WALK, TRIGGERS[0], RECHAIN, *TRIGGERS[1:]):
        op.execute(statement)
    op.alter_column("audit_row", "written_at", nullable=False)
    op.alter_column("audit_row", "previous", nullable=False)


def _make_tables() -> None:
    op.create_table(
        "recent_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name="fk_recent_reading_actor_id_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recent_reading"),
        sa.UniqueConstraint("actor_id", "what", name="uq_recent_reading_actor_id_what"),
    )
    op.create_table(
        "emergency_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("may_change", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("reviewed_by", sa.Uuid()),
        sa.Column("outcome", sa.String(length=32)),
        sa.CheckConstraint("because in ('colleague_ill', 'colleague_away', 'acute', 'on_call')", name="emergency"),
        sa.CheckConstraint(
            "outcome in ('fine', 'look_into', 'explained', 'talked_to', 'reported')", name="reviewoutcome"
        ),
        sa.CheckConstraint("until > opened_at and until <= opened_at + interval '12 hours'", name="hours_not_days"),
        sa.CheckConstraint("(reviewed_at is null) = (outcome is null)", name="reviewed_with_outcome"),
        sa.CheckConstraint("reviewed_by <> user_id", name="reviewed_by_another"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_.id"], name="fk_emergency_opening_case_id_case_", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name="fk_emergency_opening_user_id_account", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["account.id"], name="fk_emergency_opening_reviewed_by_account", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_opening"),
    )
    op.create_index("ix_emergency_opening_case_id", "emergency_opening", ["case_id"])
    op.create_index("ix_emergency_opening_user_id", "emergency_opening", ["user_id", "until"])
    op.create_table(
        "review_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("seed_number", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["organisation.id"], name="fk_review_sample_board_id_organisation", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_review_sample_unit_id_unit", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_review_sample"),
        sa.UniqueConstraint("unit_id", "month", name="uq_review_sample_unit_id_month"),
    )
    op.create_table(
        "review_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=32)),
        sa.Column("signed_by", sa.Uuid()),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "outcome in ('fine', 'look_into', 'explained', 'talked_to', 'reported')", name="reviewoutcome"
        ),
        sa.CheckConstraint(
            "(outcome is null) = (signed_by is null) and (outcome is null) = (signed_at is null)",
            name="signed_by_somebody",
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["review_sample.id"], name="fk_review_row_sample_id_review_sample", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name="fk_review_row_signed_by_account", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_row"),
        sa.UniqueConstraint("sample_id", "number", name="uq_review_row_sample_id_number"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before. The chain stays in the newer form: the older program cannot check it."""
    for table in ("review_row", "review_sample", "emergency_opening", "recent_reading"):
        op.drop_table(table)
    for trigger in ("audit_row_is_chained", "audit_row_stays"):
        op.execute(f"drop trigger {trigger} on audit_row")
    op.execute("drop trigger audit_head_stays on audit_head")
    for function in (
        "audit_row_is_chained()",
        "audit_purpose(uuid, uuid, timestamptz)",
        "audit_stays()",
        "audit_walked(bigint)",
        "audit_hash(audit_row)",
    ):
        op.execute(f"drop function {function}")
    op.execute("drop function audit_text(audit_row)")
    op.execute("drop function audit_case(uuid)")
    for index in ("actor_id_at", "board_id", "case_id", "listed"):
        op.drop_index(f"ix_audit_row_{index}", table_name="audit_row")
    op.drop_constraint("one_line", "audit_row")
    for column in ("written_at", "case_id", "board_id", "purpose", "listed", "previous"):
        op.drop_column("audit_row", column)
    op.create_index("ix_audit_row_actor_id", "audit_row", ["actor_id"])


def _refuse_a_broken_chain(connection: sa.Connection) -> None:
    """Hold every row against the fingerprint that the program wrote before this revision."""
    last, expected = "0" * 64, 1
    rows = connection.execute(
        sa.text(
            "select number, at, actor_id, organisation_id, action, subject_id, facts, hash from audit_row order by number"
        )
    )
    for number, at, actor, organisation, action, subject, facts, written in rows:
        body = {
            "number": number,
            "at": at.astimezone(UTC).isoformat(),
            "actor": actor,
            "organisation": organisation,
            "action": action,
            "subject": subject,
            "facts": facts,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
        last = hashlib.sha256(f"{last}\n{text}".encode()).hexdigest()
        if (number, written) != (expected, last):
            raise RuntimeError(f"The log's chain does not hold at row {expected}. Find out why before going on.")
        expected += 1
    head = connection.execute(sa.text("select number, hash from audit_head")).one()
    if tuple(head) != (expected - 1, last):
        raise RuntimeError(f"The log's chain does not hold at row {expected}. Find out why before going on.")
