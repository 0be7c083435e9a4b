"""The clock: the time, written as everything that is published has it."""

from datetime import UTC, datetime


def now() -> str:
    """The time as an xsd:dateTime in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
