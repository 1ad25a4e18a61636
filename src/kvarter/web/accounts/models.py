"""Users, and the roles each has."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from kvarter.web.accounts.limits import Limits


class Users(BaseUserManager["User"]):
    """Finds users as Django and allauth ask for them."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can log in. There is no superuser: what each may do comes from roles alone."""

    class Source(models.TextChoices):
        LOCAL = "local"
        CLAIMS = "claims"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="da")
    is_active = models.BooleanField(default=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.LOCAL)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_for_an_address"),)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role that a user has, how far it reaches, and whether a claim or a person gave it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32)
    administration = models.CharField(max_length=64, blank=True)
    area = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=8, choices=User.Source)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("role", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "administration", "area", "organisation", "subject"),
                name="a_role_once_for_each_limit",
            ),
        )

    def limits(self) -> Limits:
        """How far it reaches."""
        return Limits(self.administration, self.area, self.organisation, self.subject)
