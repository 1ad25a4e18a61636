"""What people write of an edition: comments on its goals, next steps, who signs the memo.

In: `statements/ID.yaml` beside the policy file. Out: a `Statement`, which documents are written
with; no figure depends on it. `run`, `write` and `check` read it, and `migrate` makes one of what
stood in the policy before.
"""

from kvarter.statement.agree import disagreements
from kvarter.statement.load import load_statement, statement_file, statement_of
from kvarter.statement.model import Accepted, Comment, Entered, Statement
from kvarter.statement.save import save_statement

__all__ = [
    "Accepted",
    "Comment",
    "Entered",
    "Statement",
    "disagreements",
    "load_statement",
    "save_statement",
    "statement_file",
    "statement_of",
]
