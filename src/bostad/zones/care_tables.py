"""Every table's care: how long its rows are kept, and each column's level. Ids (uuid) are pointers: not named."""

from collections.abc import Mapping
from datetime import timedelta

from bostad.zones.care import (
    LASTING,
    UNTIL_THE_NEXT_RUN,
    WITH_THE_ACCOUNT,
    WITH_THE_CASE,
    WITH_THE_SESSION,
    Care,
    care,
    for_,
)

A_MONTH = timedelta(days=30)

CARE: Mapping[str, Care] = {
    # The door's
    "organisation": care(LASTING, business="code name kind municipality private_landlord contact"),
    "unit": care(LASTING, business="name"),
    "account": care(LASTING, staff="username name role locale entered_at disabled_at"),
    "credential": care(WITH_THE_ACCOUNT, proof="password_hash"),
    "authenticator": care(WITH_THE_ACCOUNT, sealed="sealed", proof="last_step", staff="added_at"),
    "passkey": care(WITH_THE_ACCOUNT, proof="credential_id public_key sign_count", staff="name added_at used_at"),
    "recovery_code": care(WITH_THE_ACCOUNT, proof="code_hash", staff="spent_at"),
    "session": care(
        for_(timedelta(hours=34), "a day after it ended at the latest"),
        proof="token_hash",
        staff="started_at seen_at proved_at code_at ended_at",
    ),
    "challenge": care(WITH_THE_SESSION, proof="value", work="purpose ends_at"),
    "start_over": care(WITH_THE_ACCOUNT, staff="asked_at decided_at approved"),
    "account_news": care(for_(timedelta(days=400), "400 days"), staff="what at seen_at"),
    "one_time_code": care(for_(timedelta(0), "until it is used or ends"), proof="code_hash", work="ends_at spent_at"),
    "attempt": care(for_(timedelta(days=1), "a day"), proof="key", work="window_start times"),
    "draft": care(for_(timedelta(days=7), "7 days"), sealed="sealed", work="path saved_at"),
    # The case zone
    "case_": care(
        WITH_THE_CASE,
        sealed="sealed case_number_hash",
        delicate="opened_at closed_at closed_because heightened kept_from_deletion extracted_at",
    ),
    "household_key": care(WITH_THE_CASE, sealed="wrapped", work="key_id"),
    "deputy": care(WITH_THE_CASE, staff="until"),
    "need": care(
        WITH_THE_CASE,
        delicate="risk waiting_since adults couples child_ages ages_true_on rooms_min rent_max municipalities"
        " move_in_from move_in_by contracts target_group must wish school_m_max"
        " state paused_because opted_in started_at opened_at",
        work="sections_done version",
    ),
    "avoid_area": care(WITH_THE_CASE, sealed="sealed", delicate="kind"),
    "blocked_company": care(WITH_THE_CASE),
    "excluded_staff": care(WITH_THE_CASE, delicate="name"),
    "shelter_stay": care(WITH_THE_CASE, delicate="kind since until ready_since"),
    "shelter_place": care(LASTING, delicate="kind code"),
    "consent": care(
        WITH_THE_CASE,
        delicate="purpose field_groups given_on basis given_how language interpreter ends_on recorded_at revoked_at",
    ),
    "disclosure_request": care(
        WITH_THE_CASE, sealed="sealed", delicate="field_groups ends_on asked_on asked_at decided_at granted"
    ),
    "emergency_opening": care(
        WITH_THE_CASE, sealed="sealed", delicate="because", staff="may_change opened_at until reviewed_at outcome"
    ),
    "kept_apart": care(WITH_THE_CASE, delicate="scope made_at"),
    "never_again": care(WITH_THE_CASE, delicate="object_number"),
    "why_not": care(WITH_THE_CASE, delicate="reason detail homes"),
    "what_if": care(for_(A_MONTH, "30 days"), delicate="kind details answer", work="asked_at answered_at"),
    "run_record": care(for_(A_MONTH, "30 days"), sealed="problem", delicate="plan proof", work="made_at"),
    "matching_run": care(
        LASTING,
        work="started_at ends_at finished_at failed_because stage joint needs homes placed misfit kept proven seconds",
        proof="input_hash",
    ),
    "empty_home_figure": care(UNTIL_THE_NEXT_RUN, delicate="fits failing"),
    "joint_matching": care(LASTING, business="is_on decided_on reference", work="changed_at"),
    "county_run": care(LASTING, business="name valid_from valid_until", work="drafted_at"),
    "county_member": care(LASTING, business="reference decided_on", work="recorded_at left_at"),
    "case_search": care(for_(timedelta(days=1), "a day"), work="window_start times"),
    "review_sample": care(LASTING, proof="seed seed_number", work="month drawn_at due_on population"),
    "review_row": care(LASTING, work="number outcome signed_at"),
    # Keeping
    "retention_profile": care(LASTING, business="valid_from years kept extract_first reference", work="recorded_at"),
    "retention_line": care(LASTING, delicate="last_note_on due_on finding", work="looked_at cleared_at"),
    "deletion": care(LASTING, work="proposed_at decided_at done_at"),
    "frozen_month": care(LASTING, delicate="month moved_in days_waited from_shelter days_in_shelter lost"),
    "preservation_area": care(LASTING, open="code name reference valid_from valid_until"),
    # What both sides know of one placement
    "card": care(
        WITH_THE_CASE, delicate="content", business="reservation", pointer="code", work="written_at withdrawn_at"
    ),
    "acknowledgement": care(WITH_THE_CASE, business="reservation", work="at"),
    "placement": care(
        WITH_THE_CASE,
        sealed="sealed",
        delicate="misfit facts",
        business="viewing_at contract contract_from takeover_on moved_in_on closed_because",
        work="stage proposed_at stage_since deadline put_at",
    ),
    "placement_event": care(WITH_THE_CASE, business="because side", work="at move stage"),
    # Homes and agreements
    "agreement": care(
        LASTING,
        business="reference name state signed_on valid_from valid_until municipality_days household_days company_days"
        " reservation_days monthly_cap",
    ),
    "quota_line": care(
        LASTING,
        business="code name groups contracts per_month carry_over carry_limit required school_m_max districts_excluded"
        " rent_max building_cap",
    ),
    "line_month": care(LASTING, business="month agreed carried delivered approved released signed"),
    "home": care(
        LASTING,
        business="object_number address apartment_number municipality district building lat lon rooms area_m2 rent"
        " floor max_people school_m available_from offer_until approved shortfalls month withdrawn_because",
        work="state published_at version",
    ),
    "home_feature": care(LASTING, business="feature state source stated_on"),
    # The log and the outbox
    "audit_row": care(LASTING, delicate="facts", work="number at written_at action purpose", proof="previous hash"),
    "audit_head": care(LASTING, work="id number", proof="hash"),
    "recent_reading": care(for_(timedelta(minutes=10), "10 minutes"), work="what at"),
    "message": care(
        for_(A_MONTH, "30 days after it was done"),
        pointer="key",
        work="kind posted_at due_at leased_until attempts done_at last_error",
    ),
    # Known to everybody
    "school": care(LASTING, open="code municipality name active lat lon"),
    "place": care(LASTING, open="municipality name lat lon"),
}
