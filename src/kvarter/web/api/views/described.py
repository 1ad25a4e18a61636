"""The page of the API, made of its own description; nothing is fetched from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.web.api.v1 import api
from kvarter.web.status.shelf import shelf
from kvarter.web.ui.shown import show


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters, and how to begin."""
    newest = shelf().newest()
    words = {
        "operations": _operations(),
        "edition": newest.edition if newest else "2024",
        "host": request.get_host(),
        "scheme": request.scheme,
    }
    return show(request, "api/described.html", words)


@cache
def _operations() -> list[dict[str, Any]]:
    """Each address of the API: its method, what it is, and its parameters."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "parameters": [
                (each["name"], each["schema"]["description"])
                for each in operation.get("parameters", [])
            ],
        }
        for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
        for method, operation in operations.items()
    ]
