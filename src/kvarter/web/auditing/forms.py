"""The form of a search in the audit log."""

from __future__ import annotations

from django import forms

from kvarter.web.audit.export import Search
from kvarter.web.audit.reading import Purpose
from kvarter.web.ui.spoken import later as _

_PURPOSES = {
    Purpose.SUPERVISION: _("Supervision"),
    Purpose.FAULT: _("A fault in the site"),
    Purpose.ACCESS_REQUEST: _("Somebody asks what is kept of them"),
    Purpose.ADMINISTRATION: _("Administration of accounts"),
}


class AuditSearch(forms.Form):
    """What is looked for, and why."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[(p.value, t) for p, t in _PURPOSES.items()]
    )
    actor = forms.CharField(label=_("By whom (id)"), max_length=100, required=False)
    act = forms.CharField(label=_("What was done"), max_length=64, required=False)
    target = forms.CharField(label=_("To what (id)"), max_length=100, required=False)
    since = forms.DateField(label=_("From the day"), required=False)
    until = forms.DateField(label=_("To the day"), required=False)

    def search(self) -> Search:
        """What was asked for, once it is valid."""
        given = self.cleaned_data
        days = [given[name].isoformat() if given[name] else "" for name in ("since", "until")]
        return Search(given["actor"], given["act"], given["target"], *days)

    def stated_purpose(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])
