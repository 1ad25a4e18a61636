"""Danish and English: words, numbers and dates as each language writes them.

`_`, and what the module `locale` has besides, say it in the language that `in_language` has set.
"""

from kvarter.i18n import locale
from kvarter.i18n.locale import Locale, _, in_language

__all__ = ["Locale", "_", "in_language", "locale"]
