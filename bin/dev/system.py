"""What only the system's package manager can give, and how to ask it for that."""

import ctypes
import os
import shutil
import sys
from pathlib import Path

from .console import Failure, FullDisk
from .odoo_source import find_without_fetching
from .paths import CACHE
from .venv import is_complete

# What is missing → its package for apt-get, dnf and pacman.
LIBRARIES = {
    "libpango-1.0.so.0": ("libpango-1.0-0", "pango", "pango"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0-0", "pango", "pango"),
    "libharfbuzz-subset.so.0": ("libharfbuzz-subset0", "harfbuzz", "harfbuzz"),
}
FONTS = ("fonts-noto-core", "google-noto-sans-arabic-fonts", "noto-fonts")
CHROMIUM = ("chromium", "chromium", "chromium")
PDF_TOOLS = ("poppler-utils", "poppler-utils", "poppler")
MANAGERS = {
    "apt-get": "apt-get install",
    "dnf": "dnf install",
    "pacman": "pacman -S",
}
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts")
NEEDED_BYTES = 4 * 2**30


def check_for_letters():
    """Fail unless letters can be printed, in Arabic too."""
    _check(_missing_libraries() + _missing_fonts(), "Letters cannot be printed")


def check_for_tests():
    """Fail unless every test can run, the browser's included."""
    missing = _missing_libraries() + _missing_fonts()
    if not any(shutil.which(name) for name in BROWSERS):
        missing.append(CHROMIUM)
    if not shutil.which("pdftotext"):
        missing.append(PDF_TOOLS)
    _check(missing, "Some tests cannot run")


def check_disk():
    """Fail before the long downloads when they cannot fit."""
    if is_complete() and find_without_fetching():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(CACHE).free < NEEDED_BYTES:
        raise FullDisk


def _check(missing, consequence):
    if missing:
        raise Failure(f"{consequence}: type “{install_command(missing)}”.")


def install_command(missing):
    """Return what to type to get packages, given as in ``LIBRARIES``."""
    for column, (manager, command) in enumerate(MANAGERS.items()):
        if shutil.which(manager):
            names = " ".join(dict.fromkeys(names[column] for names in missing))
            root = "" if os.geteuid() == 0 else "sudo "
            return f"{root}{command} {names}"
    names = " ".join(dict.fromkeys(names[0] for names in missing))
    return f"your package manager's command for {names}"


def _missing_libraries():
    if not sys.platform.startswith("linux"):
        return []
    return [names for library, names in LIBRARIES.items() if not _loads(library)]


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _missing_fonts():
    """Arabic letters need a font that has them: any Noto one will do."""
    if not sys.platform.startswith("linux"):
        return []
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    found = (file for folder in folders for file in folder.rglob("Noto*Arabic*"))
    return [] if any(found) else [FONTS]
