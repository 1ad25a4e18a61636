"""A synthetic city of Copenhagen's size, with messy case extracts and the truth about them."""

from .city import make_city

__all__ = ["make_city"]
