"""A status -> the documents people read; what programs read is written by `exports`.

`write_documents` in `write` is called at the end of a run, and by `kvarter write`. Nothing is
imported here: to draw and to write takes libraries that a word of a verdict needs not.
"""
