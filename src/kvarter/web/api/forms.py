"""The form of a new key."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone

from kvarter.web.accounts.models import User
from kvarter.web.api.keys import Scope, ends_rightly
from kvarter.web.ui.spoken import later as _


def scope_title(scope: str) -> str:
    """What a scope is called; its id where it is not declared any more."""
    return {Scope.WRITE_FIGURES.value: _("Enter figures")}.get(scope, scope)


class KeyForm(forms.Form):
    """Who gets a key, what for, and until when."""

    name = forms.CharField(label=_("Which system it is for"), max_length=100)
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("In whose name it writes, and with whose rights"),
    )
    scope = forms.ChoiceField(
        label=_("What it allows"), choices=[(scope.value, scope_title(scope)) for scope in Scope]
    )
    administration = forms.CharField(
        label=_("Administration; blank for all"), max_length=64, required=False
    )
    expires = forms.DateField(label=_("Good until, a year at most (2027-12-31)"))

    def clean_expires(self) -> dt.date:
        expires: dt.date = self.cleaned_data["expires"]
        if not ends_rightly(expires, timezone.localdate()):
            raise forms.ValidationError(_("Give a day between today and a year from now."))
        return expires
