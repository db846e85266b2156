"""The ids of rows, as clients send them."""


def parse_id(value: object) -> int:
    """Return the id that a client sent; 0, which no row has, for what can be no id.

    A database would raise an error of its own for what is no number of 64 bits.
    """
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
