"""Building the wall that `bostad.zones` describes: login roles, grants, row security, and the functions behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from bostad.adapters.wall_functions import FUNCTIONS, KEEPER_CHANGES, KEEPER_READS, KEPT, TRIGGERS
from bostad.zones.logins import KEEPER, Login
from bostad.zones.tables import TABLES
from bostad.zones.ways import EVERY, Table, Way

NOT_OURS = frozenset({"alembic_version"})
SERVING = tuple(login for login in Login if login is not Login.BACKUP)


# A grant on a whole table takes in what PostgreSQL keeps beside each row: who has locked or changed it, and when.
COLUMN_BY_COLUMN = """do $$ begin
    execute (
        select 'grant select (' || string_agg(quote_ident(attname), ', ') || ') on {table} to {login}'
        from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped
    );
end $$"""
# How many rows each table has and how often they change, how large it is, who locks what: anybody may ask, unless the
# server's own keeper forbids it (docs/production.md).
COUNTED_BY_THE_SERVER = r"""do $$ declare counted text; begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        for counted in
            select oid::regprocedure::text from pg_proc where pronamespace = 'pg_catalog'::regnamespace
            and (proname ~ '^pg_stat_get_|^pg_(relation|table|total_relation|indexes|database)_size$|_wal_.*lsn$'
                or proname in ('pg_lock_status', 'pg_blocking_pids'))
        loop
            execute 'revoke execute on function ' || counted || ' from public';
            execute 'grant execute on function ' || counted || ' to pg_monitor';
        end loop;
    end if;
end $$"""


class UnknownTable(Exception):
    """A table of the schema has no zone."""


def build_wall(connection: Connection) -> None:
    """Give every role its grants and every table its policies anew; what is not described is taken away."""
    _make_roles(connection)
    for statement in statements(_tables(connection)):
        connection.exec_driver_sql(statement)


def open_to_owner(connection: Connection) -> None:
    """Let the owner, whom row security holds like everybody, see every row while it migrates; `build_wall` ends it."""
    for name in _tables(connection):
        connection.exec_driver_sql(f"alter table {name} no force row level security")


def set_passwords(connection: Connection, passwords: Mapping[Login, str]) -> None:
    """Let roles log in with these passwords, which reach the server hashed; one without goes by a certificate."""
    raw: Any = connection.connection.driver_connection
    for login, password in passwords.items():
        if not password:
            connection.exec_driver_sql(f"alter role {login} login password null")
            continue
        hashed = raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
        connection.exec_driver_sql(f"alter role {login} login password '{hashed}'")


def statements(tables: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Give the statements that build the wall, for tables with these policies standing."""
    unknown = sorted(tables.keys() - TABLES.keys() - NOT_OURS)
    if unknown:
        raise UnknownTable(f"These tables stand in no zone (bostad/zones): {', '.join(unknown)}")
    everybody = ", ".join((*Login, KEEPER))
    yield f"revoke all on all tables in schema public from public, {everybody}"
    yield "revoke all on schema public from public"
    yield f"grant usage on schema public to {everybody}"
    yield f"grant create on schema public to {KEEPER}"
    for name, policies in tables.items():
        yield from (f'drop policy "{policy}" on {name}' for policy in sorted(policies))
    yield f"revoke execute on all functions in schema public from public, {everybody}"
    yield f"grant execute on all functions in schema public to {KEEPER}"
    yield from _functions()
    for name in sorted(tables.keys() & TABLES.keys()):
        yield from _table(name, TABLES[name])
    yield from TRIGGERS
    yield f"revoke create on schema public from {KEEPER}"
    yield f"grant select on all tables in schema public to {Login.BACKUP}"
    yield f"grant select on alembic_version to {', '.join(SERVING)}"
    yield COUNTED_BY_THE_SERVER


def _make_roles(connection: Connection) -> None:
    known = set(connection.execute(text("select rolname from pg_roles where rolname like 'bostad%'")).scalars())
    for role in (*SERVING, KEEPER):
        if role not in known:
            connection.exec_driver_sql(f"create role {role} nologin")
    if Login.BACKUP not in known:
        # Only whoever bypasses row security may hand that on; another owner finds the role made (docs/production.md).
        connection.exec_driver_sql(f"create role {Login.BACKUP} nologin bypassrls")
    connection.exec_driver_sql(f"grant {KEEPER} to current_user")


def _tables(connection: Connection) -> dict[str, frozenset[str]]:
    """Give the schema's tables with the policies that stand on them."""
    found = connection.execute(
        text(
            "select c.relname, coalesce(array_agg(p.polname) filter (where p.polname is not null), '{}')"
            " from pg_class c left join pg_policy p on p.polrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname"
        )
    )
    return {name: frozenset(policies) for name, policies in found}


def _functions() -> Iterator[str]:
    for signature, body in FUNCTIONS.items():
        declared = (
            f"create or replace function {signature} {body} security definer set search_path = pg_catalog, public"
        )
        yield declared
    for signature in (*FUNCTIONS, *KEPT):
        name = signature.partition("(")[0]
        yield f"alter function {name} owner to {KEEPER}"
        yield f"revoke all on function {name} from public"
        yield f"grant execute on function {name} to {', '.join(SERVING)}"


def _table(name: str, table: Table) -> Iterator[str]:
    yield f"alter table {name} enable row level security"
    yield f"alter table {name} force row level security"
    yield from (policy.created_on(name) for policy in policies_of(name))
    for login, way in table.ways.items():
        yield from _grants(name, login, way)
    if name in KEEPER_READS or name in KEEPER_CHANGES:
        verbs = "select, insert, update" if name in KEEPER_CHANGES else "select"
        yield f"grant {verbs} on {name} to {KEEPER}"


def _grants(name: str, login: Login, way: Way) -> Iterator[str]:
    for verb, columns in (("select", way.reads), ("insert", way.adds), ("update", way.changes)):
        if login is Login.HOUSING and verb == "select" and columns == EVERY:
            yield COLUMN_BY_COLUMN.format(table=name, login=login)
        elif columns:
            listed = "" if columns == EVERY else f" ({', '.join(columns)})"
            yield f"grant {verb}{listed} on {name} to {login}"
    if way.deletes:
        yield f"grant delete on {name} to {login}"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a table, as `create policy` takes it."""

    name: str
    command: str
    login: str
    using: str | None
    check: str | None
    restrictive: bool = False

    def created_on(self, table: str) -> str:
        """Give the statement that makes it."""
        kind = " as restrictive" if self.restrictive else ""
        using = f" using ({self.using})" if self.using else ""
        check = f" with check ({self.check})" if self.check else ""
        return f"create policy {self.name} on {table}{kind} for {self.command} to {self.login}{using}{check}"


def policies_of(name: str) -> Iterator[Policy]:
    """Give the policies that a table has."""
    for login, way in TABLES[name].ways.items():
        yield from _policies(login, way)
    if name in KEEPER_READS or name in KEEPER_CHANGES:
        yield Policy("keeper", "all", KEEPER, "true", "true")


def _policies(login: Login, way: Way) -> Iterator[Policy]:
    short = login.removeprefix("bostad_")
    written = way.writes if way.writes is not None else way.sees
    if way.within is not None:
        kept = "true" if way.writes == "true" else way.within
        yield Policy(f"{short}_within", "all", login, way.within, kept, restrictive=True)
    if way.reads:
        yield Policy(f"{short}_reads", "select", login, way.sees, None)
    if way.adds:
        yield Policy(f"{short}_adds", "insert", login, None, written)
    if way.changes:
        yield Policy(f"{short}_changes", "update", login, way.sees, written)
    if way.deletes:
        yield Policy(f"{short}_deletes", "delete", login, way.sees, None)
