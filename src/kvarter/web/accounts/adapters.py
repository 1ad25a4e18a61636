"""How allauth does things here: nobody signs up, the outbox sends mail, claims give roles."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from kvarter.web.accounts.actions.claims import follow_claims, roles_by_claims
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import NotAllowedError
from kvarter.web.audit.log import record
from kvarter.web.outbox.write import write_message

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
        extra = sociallogin.account.extra_data
        claims = {**extra.get("id_token", {}), **extra.get("userinfo", {})}
        try:
            grants = roles_by_claims(claims)
        except NotAllowedError as error:
            page = render(request, "accounts/refused.html", {"reason": str(error)}, status=403)
            raise ImmediateHttpResponse(page) from error
        if sociallogin.is_existing:
            follow_claims(sociallogin.user, grants)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        extra = sociallogin.account.extra_data
        claims = {**extra.get("id_token", {}), **extra.get("userinfo", {})}
        user: User = sociallogin.user
        user.email = data.get("email") or ""
        user.name = str(claims.get("name") or user.email)[:150]
        user.source = User.Source.CLAIMS
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            record(str(user.id), "account.made", ("user", str(user.id)), ("email", "name"))
            extra = sociallogin.account.extra_data
            claims = {**extra.get("id_token", {}), **extra.get("userinfo", {})}
            follow_claims(user, roles_by_claims(claims))
        return user
