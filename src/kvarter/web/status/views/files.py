"""Files of an edition: what everybody may read or fetch, and the drawings of its pages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.web.status.middleware import POLICY
from kvarter.web.status.prepare.prepare import FILES, PAGES, PICTURES
from kvarter.web.status.views.pages import publication_or_404

_FOR_EVER = "public, max-age=31536000, immutable"
"""A version never changes."""
_DRAWN = {".svg": "image/svg+xml", ".json": "application/json"}
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of a document or drawing that is opened by itself: it may use its own style, and nothing else."""


@require_safe
def picture(request: HttpRequest, edition: str, version: int, file: str) -> FileResponse:
    """A drawing, or the chart that it can be drawn again from."""
    folder = publication_or_404(edition, version).folder / PICTURES
    path = _inside(folder, file)
    return _closed(FileResponse(path.open("rb"), content_type=_DRAWN[path.suffix]))


@require_safe
def download(request: HttpRequest, edition: str, version: int, path: str) -> FileResponse:
    """A file to keep, under a name that says what it is."""
    found = publication_or_404(edition, version)
    names = _names(found.folder)
    if path not in names:
        raise Http404
    file = _inside(found.folder / FILES, path)
    return _closed(FileResponse(file.open("rb"), as_attachment=True, filename=names[path]))


@require_safe
def document(request: HttpRequest, edition: str, version: int, path: str) -> HttpResponse:
    """A document to read in the browser, under the policy of the site and its own style sheet."""
    found = publication_or_404(edition, version)
    if path not in _names(found.folder) or not path.endswith(".html"):
        raise Http404
    content, sheets = _read(_inside(found.folder / FILES, path))
    response = HttpResponse(content, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = _FOR_EVER
    setattr(response, POLICY, {"style-src": sheets})
    return response


@lru_cache(maxsize=64)
def _read(file: Path) -> tuple[bytes, list[str]]:
    """A document, and what a policy names each of the style sheets within it by."""
    content = file.read_bytes()
    digests = (
        base64.b64encode(hashlib.sha256(sheet).digest()).decode()
        for sheet in re.findall(rb"<style>(.*?)</style>", content, re.DOTALL)
    )
    return content, [f"'sha256-{digest}'" for digest in digests]


def _inside(folder: Path, name: str) -> Path:
    """The file in `folder`. Raises Http404 where there is none, or it would lie elsewhere."""
    path = (folder / name).resolve()
    if folder.resolve() not in path.parents or not path.is_file():
        raise Http404
    return path


@lru_cache(maxsize=64)
def _names(folder: Path) -> dict[str, str]:
    """What each file is called when it is saved, by its path."""
    page = json.loads((folder / PAGES / "da" / "hent.json").read_text(encoding="utf-8"))
    files = [
        file
        for section in page["sections"]
        for block in section["blocks"]
        for file in block["items"]
    ]
    return {file["path"]: file["name"] for file in files}


def _closed(response: FileResponse) -> FileResponse:
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Content-Security-Policy"] = _ALONE
    return response
