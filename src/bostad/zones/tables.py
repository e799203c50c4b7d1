"""All tables in one mapping."""

from collections.abc import Mapping

from bostad.zones import accounts, case, homes, keeping, record, reference, shared
from bostad.zones.ways import Table

TABLES: Mapping[str, Table] = {
    **accounts.TABLES,
    **case.TABLES,
    **keeping.TABLES,
    **shared.TABLES,
    **homes.TABLES,
    **record.TABLES,
    **reference.TABLES,
}
