"""Danish and English: words, numbers and dates as each language writes them."""
