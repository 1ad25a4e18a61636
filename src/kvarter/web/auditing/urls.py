"""Addresses of the audit log."""

from __future__ import annotations

from django.urls import path, re_path

from kvarter.web.accounts.guard import allowed
from kvarter.web.accounts.permissions import check_read_audit
from kvarter.web.auditing import views

urlpatterns = [
    path("", allowed(check_read_audit)(views.log), name="audit"),
    re_path(
        r"^revision\.(?P<form>csv|jsonl)$", allowed(check_read_audit)(views.export), name="export"
    ),
]
