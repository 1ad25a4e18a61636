"""Messy address text -> an address of the register, with a category and the reasons.

>>> from kvarter.addresses import AddressIndex, match
>>> index = AddressIndex(engine, register)
>>> match(["rante mester vej 4 2tv 2400 kbh nv"], index)
"""

from kvarter.addresses.answers import ANSWER
from kvarter.addresses.index import AddressIndex
from kvarter.addresses.match import match, match_cases, match_dated
from kvarter.addresses.reasons import Category, Level, Reason
from kvarter.addresses.saved import index_of, make_index, save_index, saved_index
from kvarter.addresses.suggest import Suggestion

__all__ = [
    "ANSWER",
    "AddressIndex",
    "Category",
    "Level",
    "Reason",
    "Suggestion",
    "index_of",
    "make_index",
    "match",
    "match_cases",
    "match_dated",
    "save_index",
    "saved_index",
]
