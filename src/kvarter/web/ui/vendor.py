"""`make look`: takes what the site needs of Det Fælles Designsystem out of its npm package.

The style without its own @font-face rules (they name formats that no browser needs), without icons
that no page shows, and without source maps; and two weights of its font. What comes out lies in
`static/dkfds`, and is the same to the byte each time.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import tarfile
from pathlib import Path

PACKAGE = "dkfds@11.2.0"
DIGEST = "JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA=="
"""SHA-512 of the package's archive, in base64."""

HOME = Path(__file__).parent / "static" / "dkfds"
_CSS = "package/dist/css/dkfds.min.css"
_FONTS = {"Regular": "400 500", "SemiBold": "600 700"}
"""The weights that a page may ask for, and the font it gets."""
_FONT = "package/dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-{}.woff2"
_ICON_CLASS = re.compile(r"\.icon-[\w-]+:not\(a\)\{[^{}]*\}")
_FACE = re.compile(r"@font-face\{[^{}]*\}")
_PLACEHOLDER = re.compile(r"background-image:url\(\.\./img/logo[\w-]*\.png\);?")
_PICTURE = re.compile(r"url\(\.\./img/svg-icons/([\w-]+\.svg)\)")


def take(archive: Path, home: Path) -> None:
    """Write what the site needs of the package in `archive`. Raises ValueError for another one."""
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != DIGEST:
        raise ValueError(f"{archive} is not {PACKAGE}: its SHA-512 is {digest}")
    home.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as package:
        css = _read(package, _CSS).decode()
        css = _PLACEHOLDER.sub("", _ICON_CLASS.sub("", _FACE.sub("", css)))
        css = re.sub(r"/\*# sourceMappingURL.*?\*/", "", css)
        for icon in sorted(set(_PICTURE.findall(css))):
            _write(home / icon, _read(package, f"package/dist/img/svg-icons/{icon}"))
        css = _PICTURE.sub(r"url(\1)", css)
        for name in _FONTS:
            _write(home / f"IBMPlexSans-{name}.woff2", _read(package, _FONT.format(name)))
        _write(home / "dkfds.css", (_faces() + css.strip() + "\n").encode())
        _write(home / "LICENSE.md", _read(package, "package/LICENSE.md"))


def _faces() -> str:
    return "".join(
        "@font-face{font-display:swap;font-family:IBM Plex Sans;font-style:normal;"
        f"font-weight:{weight};src:url(IBMPlexSans-{name}.woff2) format('woff2')}}\n"
        for name, weight in _FONTS.items()
    )


def _read(package: tarfile.TarFile, name: str) -> bytes:
    file = package.extractfile(name)
    if file is None:
        raise ValueError(f"{PACKAGE} has no {name}")
    return file.read()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


if __name__ == "__main__":
    take(Path(sys.argv[1]), HOME)
