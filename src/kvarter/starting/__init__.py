"""A folder of files, as they lie there -> a first policy file, with the reason of every guess."""

from kvarter.starting.look import Seen, look
from kvarter.starting.propose import Proposal, propose
from kvarter.starting.write import write_policy, write_statement

__all__ = ["Proposal", "Seen", "look", "propose", "write_policy", "write_statement"]
