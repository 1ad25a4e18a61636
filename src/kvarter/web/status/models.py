"""What was published, and when. The files lie in a folder of their own for each version."""

from __future__ import annotations

from django.db import models


class PublishedEdition(models.Model):
    """A version of an edition. It is never changed; a correction is a new version with a note."""

    edition = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    folder = models.CharField(max_length=120, unique=True)
    hash = models.CharField(max_length=64)
    title_da = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    data_year = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=36)

    class Meta:
        ordering = ("data_year", "edition", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "version"), name="a_version_of_an_edition_once"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | ~models.Q(note=""),
                name="a_correction_has_a_note",
            ),
        )
