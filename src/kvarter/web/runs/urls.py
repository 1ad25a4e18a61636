"""Addresses of uploads and runs."""

from __future__ import annotations

from django.urls import path

from kvarter.web.runs import views

urlpatterns = [
    path("", views.runs, name="runs"),
    path("ny/", views.ask, name="ask_for_run"),
    path("fil/", views.upload, name="upload"),
    path("fil/<uuid:upload_id>/fjern/", views.remove_upload, name="remove_upload"),
    path("<uuid:run_id>/", views.run, name="run"),
    path("<uuid:run_id>/stop/", views.stop, name="stop_run"),
]
