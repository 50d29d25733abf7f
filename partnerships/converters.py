"""What stands in an address besides numbers and names."""

from datetime import date


class DayConverter:
    """A date, such as 2027-03-10."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # one that is none leads nowhere

    def to_url(self, value) -> str:
        return str(value)
