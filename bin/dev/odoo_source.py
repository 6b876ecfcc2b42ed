"""Find Odoo 19: named or installed, Debian's package, or a git checkout."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .console import Failure, FullDisk, run_logged, say
from .paths import ODOO

SERIES = "19.0"
NEIGHBOURS = ("site-packages", "dist-packages")
REPOSITORY = "https://github.com/odoo/odoo.git"


def series_of(home):
    """Return the series ("19.0") of the Odoo below a folder, or None."""
    try:
        text = Path(home, "odoo", "release.py").read_text()
    except OSError:
        return None
    found = re.search(r"^version_info = \((?:'saas~)?(\d+)'?, (\d+)", text, re.M)
    return f"{found[1]}.{found[2]}" if found else None


def find_odoo():
    """Return the folder that holds the package ``odoo``; fetch it if need be."""
    return _apart(find_without_fetching() or _fetch())


def find_without_fetching():
    """Return the folder that holds ``odoo`` if this machine has it, or None."""
    return _named() or _installed() or _fetched()


def addons_of(home):
    """Return the add-on folders that Odoo does not find by itself."""
    if (home / "odoo" / "addons" / "account").is_dir():
        return []
    return [home / "addons"]


def fingerprint(home):
    """Return a text that changes when Odoo does."""
    release = Path(home, "odoo", "release.py").resolve()
    head = Path(home, ".git", "HEAD")
    commit = _git_commit(home) if head.exists() else ""
    stamp = "" if commit else release.stat().st_mtime_ns
    return f"{home} {release} {stamp} {commit}"


def _git_commit(home):
    shown = subprocess.run(
        ["git", "-C", str(home), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()


def _named():
    """Return the folder named by ODOO_HOME, checked."""
    name = os.environ.get("ODOO_HOME")
    if not name:
        return None
    home = Path(name).expanduser().resolve()
    if series_of(home) != SERIES:
        raise Failure(
            f"ODOO_HOME is {home}, where there is no Odoo {SERIES} (no odoo/release.py "
            "of that series): correct or unset it."
        )
    return home


def _installed():
    """Return the folder of an ``odoo`` package that Python here can import."""
    for finder in (_importable_here, _importable_by_system):
        home = finder()
        if home and series_of(home) == SERIES:
            return home
    return None


def _importable_here():
    spec = importlib.util.find_spec("odoo")
    return _holder(spec.submodule_search_locations or ()) if spec else None


def _importable_by_system():
    """Ask the Python outside the virtual environment."""
    base = Path(sys.base_prefix, "bin", "python3")
    if not base.exists():
        return None
    code = (
        "import importlib.util as u; s = u.find_spec('odoo');"
        "print(*(s.submodule_search_locations if s else ()), sep='\\n')"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    shown = subprocess.run(
        [str(base), "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd="/",
    )
    return _holder(shown.stdout.splitlines())


def _holder(places):
    """Return the folder above the one of several ``odoo`` parts that is the server."""
    for place in places:
        if Path(place, "release.py").exists():
            return Path(place).parent
    return None


def _apart(home):
    """Return a folder with nothing but ``odoo`` in it for one among other packages.

    The neighbours of an installed Odoo must not hide the locked packages.
    """
    if home.name not in NEIGHBOURS or ODOO in home.parents:
        return home
    apart = ODOO / "installed"
    apart.mkdir(parents=True, exist_ok=True)
    link = apart / "odoo"
    link.unlink(missing_ok=True)
    link.symlink_to(home / "odoo", target_is_directory=True)
    return apart


def _fetched():
    """Return what an earlier start has fetched, or None."""
    for home in (debian.python_folder(ODOO / "debian"), ODOO / "git"):
        if series_of(home) == SERIES:
            return home
    return None


def _fetch():
    """Fetch Odoo from Debian's mirror, else from its git repository."""
    mirror = debian.find_mirror()
    if mirror:
        try:
            debian.fetch(ODOO / "debian", mirror)
            return debian.python_folder(ODOO / "debian")
        except FullDisk:
            raise
        except Failure as failure:
            say(f"  {failure}")
            say("  Trying Odoo's git repository instead.")
    return _clone()


def _clone():
    if not shutil.which("git"):
        raise Failure(
            f"Odoo {SERIES} cannot be fetched without git: install git, or set "
            "ODOO_HOME to an Odoo checkout."
        )
    partial = ODOO / "git.partial"
    shutil.rmtree(partial, ignore_errors=True)
    run_logged(
        ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY, partial],
        f"Cloning Odoo {SERIES} (some 400 MB)",
        unreachable="Odoo cannot be fetched, neither from a Debian mirror nor from "
        "GitHub: check the network, or set ODOO_HOME to an Odoo "
        f"{SERIES} checkout.",
        env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
    )
    partial.rename(ODOO / "git")
    return ODOO / "git"
