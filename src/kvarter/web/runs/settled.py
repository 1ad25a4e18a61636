"""Where runs read and write, by the site's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kvarter.policy import Policy, load_policy
from kvarter.web.runs.sealed import key_of


@dataclass(frozen=True)
class Places:
    """policy: the policy file. statuses: where editions are written to. key_file: of pseudonyms.

    uploads, work, locks: folders of the site that nothing is served from.
    """

    policy: Path
    statuses: Path
    key_file: Path | None
    uploads: Path
    work: Path
    locks: Path

    def load_policy(self) -> Policy:
        """The policy as it is now. Raises PolicyError where it cannot be read."""
        return load_policy(self.policy)

    def sealed(self, upload_id: object) -> Path:
        """Where an upload lies."""
        return self.uploads / str(upload_id)

    def make(self) -> None:
        """Make the folders that are not there, for their owner alone."""
        for folder in (self.uploads, self.work, self.locks):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def places() -> Places | None:
    """None where the site's configuration names no policy."""
    folder, config = settings.FOLDER, settings.RUNS
    if folder is None or not config.policy:
        return None
    policy = folder / config.policy
    return Places(
        policy=policy,
        statuses=policy.parent / "status",
        key_file=folder / config.key_file if config.key_file else None,
        uploads=folder / "uploads",
        work=folder / "work",
        locks=folder / "work" / "locks",
    )


def upload_key() -> bytes:
    """The key that uploads are encrypted with."""
    return key_of(settings.SECRET_KEY)
