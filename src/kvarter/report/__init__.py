"""A status -> what people read (`html`) and what programs read (`tables`)."""

from kvarter.report.html import write_report
from kvarter.report.status import Ground, Status
from kvarter.report.tables import RESULT, write_tables

__all__ = ["RESULT", "Ground", "Status", "write_report", "write_tables"]
