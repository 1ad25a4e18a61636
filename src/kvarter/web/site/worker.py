"""What is done besides pages: editions and mail that are due, the audit log's mirror, and more.

Runs are made in a thread beside, which takes minutes for what the others do in seconds.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

_EVERY = 5.0
_LOG = logging.getLogger(__name__)


def work(stop: threading.Event) -> None:
    """Go round until `stop` is set, or the process that started this one is gone."""
    from django.db import close_old_connections

    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        close_old_connections()
        go_round()
        stop.wait(_EVERY)


def go_round() -> None:
    """All that is due now. What fails hinders nothing else, and is tried again next time."""
    from django.conf import settings

    from kvarter.web.audit.mirror import mirror
    from kvarter.web.audit.reading import remove_expired
    from kvarter.web.goals.actions.publishing import publish_due
    from kvarter.web.goals.actions.reminders import remind
    from kvarter.web.outbox.send import send_due

    for due in (
        *(publish_due, remind, send_due),
        *(lambda: mirror(Path(settings.AUDIT_MIRROR)), remove_expired),
    ):
        try:
            due()
        except Exception:
            _LOG.exception("part of a round of the worker failed; the next one tries again")


def main() -> None:
    """Work until a signal to stop."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvarter.web.site.settings")
    django.setup()
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    from kvarter.web.runs.worker import work as make_runs

    runs = threading.Thread(target=make_runs, args=(stop,), name="runs")
    runs.start()
    work(stop)
    stop.set()
    runs.join()


if __name__ == "__main__":
    main()
