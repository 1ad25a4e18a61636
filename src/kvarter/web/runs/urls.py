"""Addresses of uploads, runs and the review of addresses."""

from __future__ import annotations

from django.urls import path

from kvarter.web.runs.views import policy, review, runs

urlpatterns = [
    path("", runs.runs, name="runs"),
    path("ny/", runs.ask, name="ask_for_run"),
    path("fil/", runs.upload, name="upload"),
    path("fil/<uuid:upload_id>/fjern/", runs.remove_upload, name="remove_upload"),
    path("<uuid:run_id>/", runs.run, name="run"),
    path("<uuid:run_id>/tilstand.json", runs.run_mark, name="run_mark"),
    path("<uuid:run_id>/stop/", runs.stop, name="stop_run"),
    path("politik/", policy.policy, name="policy"),
    path("politik/<int:number>/", policy.version, name="policy_version"),
    path("adresser/<slug:edition>/", review.uncertain, name="uncertain"),
    path("adresser/<slug:edition>/<slug:text_id>/", review.text, name="uncertain_text"),
    path(
        "adresser/<slug:edition>/<slug:text_id>/kort.svg",
        review.map_of_candidates,
        name="map_of_candidates",
    ),
]
