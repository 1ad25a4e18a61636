"""`make look`: takes what the site needs of others' npm packages out of them.

Of Det Fælles Designsystem the style without its own @font-face rules (they name formats that no
browser needs), without icons that no page shows, and without source maps; and two weights of its
font. Of Vega, which draws charts that can be pointed at, the program itself, and what works out its
expressions without making code of them. What comes out lies in `static/`, and is the same to the
byte each time.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import tarfile
from pathlib import Path

DIGESTS = {
    "dkfds-11.2.0": "JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBey"
    "FWHbE5mYDmnrcYTWOSKkEA==",
    "vega-6.4.0": "rHXCq2LpEWCLMjXBEj7hocY9G0/i5TGYRayGGSj06VTF4+l2IG2Z7oeZKCjWbUh/"
    "7hTE/mVhbaOPB72wCElh6g==",
    "vega-interpreter-2.3.2": "JDAoi3taFcCDLujZG84TNNUXdkAZ5WsSHssx8lWVYaxb9Slsjk7v7PtRIYXpSlUw"
    "LaKGRBqoJ9KDs36Z0eMEIw==",
}
"""SHA-512 of each package's archive, in base64."""

STATIC = Path(__file__).parent / "static"
HOME = STATIC / "dkfds"
_CSS = "package/dist/css/dkfds.min.css"
_FONTS = {"Regular": "400 500", "SemiBold": "600 700"}
"""The weights that a page may ask for, and the font it gets."""
_FONT = "package/dist/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-{}.woff2"
_ICON_CLASS = re.compile(r"\.icon-[\w-]+:not\(a\)\{[^{}]*\}")
_FACE = re.compile(r"@font-face\{[^{}]*\}")
_PLACEHOLDER = re.compile(r"background-image:url\(\.\./img/logo[\w-]*\.png\);?")
_PICTURE = re.compile(r"url\(\.\./img/svg-icons/([\w-]+\.svg)\)")


def take(folder: Path, static: Path) -> None:
    """Write what the site needs of the packages in `folder`. Raises ValueError for other ones."""
    for name, digest in DIGESTS.items():
        archive = folder / f"{name}.tgz"
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != digest:
            raise ValueError(f"{archive} is another one: its SHA-512 is {found}")
    _take_look(folder / "dkfds-11.2.0.tgz", static / "dkfds")
    _take_vega(folder, static / "vega")


def _take_vega(folder: Path, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "vega-6.4.0.tgz") as package:
        _write(home / "vega.min.js", _read(package, "package/build/vega.min.js"))
        _write(home / "LICENSE", _read(package, "package/LICENSE"))
    with tarfile.open(folder / "vega-interpreter-2.3.2.tgz") as package:
        module = _read(package, "package/build/vega-interpreter.js").decode()
    # It names its helpers by a package, which no browser finds; Vega has them too.
    module = re.sub(r"^import (\{[^}]*\}) from 'vega-util';", r"const \1 = vega;", module)
    _write(home / "interpreter.js", re.sub(r"//# sourceMappingURL.*\n?", "", module).encode())


def _take_look(archive: Path, home: Path) -> None:
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
        raise ValueError(f"the package has no {name}")
    return file.read()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


if __name__ == "__main__":
    take(Path(sys.argv[1]), STATIC)
