"""The way from a policy file to an edition, in `stages.py`; read it first.

In comes a policy file with its key, out an edition in its folder. The command line calls `run`,
`check`, `write`, `rebuild` and `demo`, which all take this way or a part of it.
"""
