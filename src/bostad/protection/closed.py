"""Which companies a need is closed to. The database answers, so that nobody has to see a company's staff to know."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session


def closed_companies(db: Session, need_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Give, by need, the companies that take no part in it: excluded whole, or with nobody left to answer (S05).

    A company where every one of the housing staff is excluded by name would be asked to answer what none of its
    people can see: the home would rest unanswered, and its silence would tell that something is hidden. So it counts
    as excluded, for the matching, for consent and for sharing alike.
    """
    if not need_ids:
        return {}
    db.flush()
    query = text("select need_id, company_id from companies_closed_to(:ids)")
    found: dict[UUID, set[UUID]] = {}
    for need_id, company_id in db.connection().execute(query, {"ids": list(need_ids)}):
        found.setdefault(need_id, set()).add(company_id)
    return {need_id: frozenset(companies) for need_id, companies in found.items()}


def is_closed(db: Session, need_id: UUID, company_id: UUID) -> bool:
    """Tell whether one company takes no part in a need."""
    return company_id in closed_companies(db, [need_id]).get(need_id, frozenset())
