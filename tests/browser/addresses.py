"""Every page there is, by the one who reads it; a test holds this list against the service's own list of routes."""

from collections.abc import Iterator

from tests.browser.town import ADMIN, MANAGER, OFFICER, STAFF, WORKER

PARTS = ("household", "living", "home", "features", "areas", "order")

PAGES: dict[str | None, tuple[str, ...]] = {
    None: ("/sign-in", "/sign-in?out=yes", "/sign-in?next=/kept%3Fpath%3D%252Funits", "/code", "/accessibility"),
    WORKER: (
        "/cases",
        "/cases/new",
        "/cases/import",
        "/cases/{draft}",
        "/cases/{ready}",
        "/cases/{waiting}",
        "/cases/{paused}",
        "/cases/{closed}",
        "/cases/{proposed_case}",
        "/cases/{moved_in_case}",
        "/cases/{draft}/answers/areas",
        "/cases/{draft}/answers/home",
        *(f"/cases/{{proposed_case}}/answers/{part}" for part in PARTS),
        "/cases/{proposed_case}/answers/living/move",
        "/cases/{draft}/check",
        "/cases/{ready}/check",
        "/cases/{proposed_case}/check?back=check",
        "/cases/{proposed_case}/opened",
        "/cases/{proposed_case}/pause",
        "/cases/{proposed_case}/close",
        "/cases/{proposed_case}/hand-over",
        "/cases/{proposed_case}/deputies",
        "/cases/{proposed_case}/consents/new",
        "/consents/{consent}",
        "/consents/{consent}/renew",
        "/consents/{consent}/withdraw",
        "/consents/{consent}/print/sv",
        "/consents/{consent}/print/en",
        "/cases/{waiting}/homes",
        "/cases/{waiting}/homes/{home}",
        "/placements/{proposed}",
        "/placements/{proposed}/release",
        "/placements/{proposed}/decline",
        "/placements/{released}",
        "/placements/{released}/call_off",
        "/placements/{refused}",
        "/placements/{moved_in}",
        "/how-matching-works",
        "/homes",
        "/homes/{home}",
        "/agreements",
        "/agreements/{agreement}",
        "/me",
        "/nowhere",
    ),
    STAFF: (
        "/to-answer",
        "/placements/{released}",
        "/placements/{released}/refuse",
        "/placements/{reserved}",
        "/placements/{reserved}/sign",
        "/placements/{signed}",
        "/placements/{signed}/hand_over",
        "/placements/{moved_in}",
        "/homes",
        "/homes?gone=yes",
        "/homes/new",
        "/homes/new?like={home}",
        "/homes/import",
        "/homes/{home}",
        "/homes/{gone_home}",
        "/homes/{home}/edit",
        "/homes/{home}/withdraw",
        "/agreements",
        "/agreements/{agreement}",
        "/users",
    ),
    MANAGER: (
        "/overview",
        "/homes",
        "/homes/{home}",
        "/agreements",
        "/agreements/new",
        "/agreements/{agreement}",
        "/agreements/{agreement}/pause",
        "/agreements/{draft_agreement}",
        "/agreements/{draft_agreement}/lines/new",
        "/agreements/{draft_agreement}/edit",
        "/lines/{line}",
        "/cases/{proposed_case}/hand-over",
        "/cases/{proposed_case}/deputies",
        "/imports/places",
    ),
    ADMIN: (
        "/users",
        "/users/new",
        "/users/{colleague}",
        "/users/{colleague}/disable",
        "/users/{colleague}/reset",
        "/users/{colleague}/end-sessions",
        "/units",
        "/imports",
        "/imports/places",
        "/imports/schools",
    ),
    OFFICER: ("/log",),
}

EMPTY: dict[str, tuple[str, ...]] = {
    WORKER: ("/cases", "/homes", "/agreements"),
    STAFF: ("/to-answer", "/homes", "/homes/new", "/homes/import", "/agreements"),
    MANAGER: ("/overview", "/homes", "/agreements", "/agreements/new"),
    ADMIN: ("/users", "/units"),
    OFFICER: ("/log",),
}
"""What somebody sees who has just begun and has nothing yet."""

REFUSED: dict[str | None, tuple[tuple[str, str], ...]] = {
    None: (("/sign-in", "/sign-in"), ("/code", "/code")),
    WORKER: (
        ("/cases", "/cases/find"),
        ("/cases/new", "/cases/new"),
        ("/cases/import", ""),
        ("/cases/{draft}/answers/household", ""),
        ("/cases/{draft}/answers/living", ""),
        ("/cases/{draft}/answers/home", ""),
        ("/cases/{draft}/answers/order", ""),
        ("/cases/{ready}/answers/areas", "/cases/{ready}/answers/areas/named"),
        ("/cases/{waiting}/answers/living/move", ""),
        ("/cases/{waiting}/close", "/cases/{waiting}/close"),
        ("/cases/{waiting}/deputies", ""),
        ("/cases/{waiting}/consents/new", ""),
        ("/cases/{waiting}/homes/{home}", "/cases/{waiting}/homes/{home}"),
        ("/consents/{consent}/renew", ""),
        ("/placements/{proposed}", "/placements/{proposed}/viewing"),
        ("/placements/{proposed}/decline", "/placements/{proposed}/decline"),
        ("/placements/{released}/call_off", "/placements/{released}/call_off"),
        ("/me", "/me/password"),
    ),
    STAFF: (
        ("/placements/{released}/refuse", "/placements/{released}/refuse"),
        ("/placements/{reserved}/sign", "/placements/{reserved}/sign"),
        ("/placements/{signed}/hand_over", "/placements/{signed}/hand_over"),
        ("/homes/new", "/homes/new"),
        ("/homes/{home}/edit", "/homes/{home}/edit"),
        ("/homes/{home}/withdraw", "/homes/{home}/withdraw"),
        ("/homes/import", "/homes/import"),
    ),
    MANAGER: (("/agreements/new", "/agreements/new"), ("/imports/places", "")),
    ADMIN: (("/users/new", "/users/new"), ("/units", "/units"), ("/imports/schools", "/imports/schools")),
}
"""Pages with a form that is refused when it comes empty, and where each form is sent to."""

NOT_A_PAGE = {
    "/",
    "/cases/{case_id:uuid}/run",
    "/health/live",
    "/health/ready",
    "/homes/import/sheet",
    "/kept",
    "/static/{file_path:path}",
}
"""What answers a GET without being a page of its own, and what other tests look at."""


def all_templates() -> Iterator[str]:
    """Give every address of the list without its query."""
    for addresses in PAGES.values():
        for address in addresses:
            yield address.partition("?")[0]
