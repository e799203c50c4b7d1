"""Swedish time: the one zone that days, deadlines and pages go by."""

from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Stockholm")
