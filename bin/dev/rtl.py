"""rtlcss, with which Odoo mirrors its screens for Arabic: optional."""

import shutil

from .console import Failure, run_logged, say
from .paths import CACHE

FOLDER = CACHE / "node"
BINARIES = FOLDER / "node_modules" / ".bin"
PACKAGE = "rtlcss@4.3.0"


def ensure_rtlcss():
    """Install rtlcss where npm can; without it Arabic reads from left to right."""
    if shutil.which("rtlcss") or (BINARIES / "rtlcss").exists():
        return
    npm = shutil.which("npm")
    try:
        if not npm:
            raise Failure("npm is missing")
        FOLDER.mkdir(parents=True, exist_ok=True)
        # npm's own cache would be in the home folder, and stay there
        folders = ["--prefix", FOLDER, "--cache", FOLDER / "cache"]
        run_logged(
            [npm, "install", "--no-audit", "--no-fund", *folders, PACKAGE],
            "Installing rtlcss, for Arabic screens",
        )
    except Failure as failure:
        say(f"Arabic screens are not mirrored: {failure} (they need rtlcss, from npm).")
