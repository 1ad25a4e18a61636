"""How allauth does things here: nobody signs up, the outbox sends mail, claims give roles."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest

from kvarter.web.accounts.actions.claims import follow_claims, roles_by_claims
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import NotAllowedError
from kvarter.web.audit.log import record
from kvarter.web.outbox.write import write_message
from kvarter.web.ui.shown import show

_MAILS = {"account/email/password_reset_key": "password_reset"}
"""Mail that allauth asks to send, and the template here; all other is not sent."""


class AccountAdapter(DefaultAccountAdapter):
    """Of local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        template, user = _MAILS.get(template_prefix), context.get("user")
        if template is not None and isinstance(user, User):
            with transaction.atomic():
                words = {"url": context["password_reset_url"]}
                write_message(str(user.id), template, user.language, words)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """None: every page of an account says itself what was done."""


class ClaimsAdapter(DefaultSocialAccountAdapter):
    """Of logins through OpenID Connect."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse who has no role; let the roles of who is known follow the claims."""
        try:
            grants = roles_by_claims(_claims(sociallogin))
            if not sociallogin.is_existing:
                _check_new(sociallogin)
        except NotAllowedError as error:
            page = show(request, "accounts/refused.html", {}, status=403)
            raise ImmediateHttpResponse(page) from error
        if sociallogin.is_existing:
            follow_claims(sociallogin.user, grants)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = sociallogin.user
        user.email = data.get("email") or ""
        user.name = str(_claims(sociallogin).get("name") or user.email)[:150]
        user.source = User.Source.CLAIMS
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            record(str(user.id), "account.made", ("user", str(user.id)), ("email", "name"))
            follow_claims(user, roles_by_claims(_claims(sociallogin)))
        return user


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    """All that the provider says of who logs in."""
    extra = sociallogin.account.extra_data
    return {**extra.get("id_token", {}), **extra.get("userinfo", {})}


def _check_new(sociallogin: SocialLogin) -> None:
    """Raises NotAllowedError where a new account would have no address, or that of another."""
    email = _claims(sociallogin).get("email") or ""
    if not email or User.objects.filter(email__iexact=email).exists():
        raise NotAllowedError("The provider names no address of your own.")
