"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from kvarter.web.accounts.views import own, users

urlpatterns = [
    path("", own.own_account, name="own_account"),
    path("uden-adgangskode/", own.without_password, name="account_set_password"),
    path("brugere/", users.users, name="users"),
    path("brugere/ny/", users.new_user, name="new_user"),
    path("brugere/<uuid:user_id>/", users.user, name="user"),
    path("brugere/<uuid:user_id>/rolle/", users.give, name="give_role"),
    path("brugere/<uuid:user_id>/rolle/<int:grant_id>/fjern/", users.take, name="take_role"),
    path("brugere/<uuid:user_id>/luk/", users.close, name="close_user"),
]
