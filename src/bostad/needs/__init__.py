"""The case zone: cases, needs, what to avoid, shelter stays and consent. Social services only."""
