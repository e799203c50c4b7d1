"""What the company would see if the household accepted: made by the same function that writes the card."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor
from bostad.needs.card import card_content
from bostad.needs.consent import FieldGroup
from bostad.needs.lines import card_lines
from bostad.needs.sharing import card_facts, contact_of
from bostad.needs.tables import Consent, Need
from bostad.placements.loading import visible_to
from bostad.placements.pages import CardLines
from bostad.placements.tables import Placement
from bostad.records import Sessions


def card_preview(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> CardLines | None:
    """Give the card as it would be written now, or None when there is no consent to write one."""
    with sessions() as db:
        query = (
            select(Need, Consent)
            .join(Placement, col(Placement.need_id) == Need.id)
            .join(Consent, col(Consent.need_id) == Need.id)
            .where(Placement.id == placement_id, visible_to(by, at.date()))
            .where(Consent.company_id == Placement.company_id)
            .where(col(Consent.revoked_at).is_(None), Consent.ends_on >= at.date())
        )
        found = db.exec(query).one_or_none()
        if found is None:
            return None
        need, consent = found
        groups = frozenset(FieldGroup(group) for group in consent.field_groups)
        content = card_content(card_facts(need, at.date()), groups, contact=contact_of(db, need.board_id))
        return CardLines("", card_lines(content))
