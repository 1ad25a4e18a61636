"""Forms of accounts. What they may hold; what is done with it is in `actions`."""

from __future__ import annotations

from django import forms

from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import ROLES
from kvarter.web.ui.spoken import later as _


def role_title(role: str) -> str:
    """What a role is called; its id where it is not declared any more."""
    titles = {
        "reader": _("Reader"),
        "goal_owner": _("Goal owner"),
        "approver": _("Approver"),
        "coordinator": _("Coordinator"),
        "analyst": _("Analyst"),
        "auditor": _("Auditor"),
        "administrator": _("Administrator"),
    }
    return titles.get(role, role)


class NewAccount(forms.Form):
    """Who gets an account."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("Email"), max_length=254)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is an account with this address."))
        return email


class NewRole(forms.Form):
    """A role, and how far it reaches."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.id, role_title(role.id)) for role in ROLES.values()]
    )
    administration = forms.CharField(label=_("Administration"), max_length=64, required=False)
    area = forms.CharField(label=_("Area"), max_length=64, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=64, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=64, required=False)

    def limits(self) -> Limits:
        parts = ("administration", "area", "organisation", "subject")
        return Limits(*(self.cleaned_data[part] for part in parts))
