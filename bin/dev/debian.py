"""Odoo from Debian: downloaded from the machine's own mirror and unpacked.

Nothing is installed, so no root is needed, and the packages of Debian's unstable
suite cannot disturb a stable machine.
"""

import shutil
import subprocess
from pathlib import Path

from .console import Failure, run_logged
from .paths import CACHE

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = (
    "odoo-19",
    # Odoo's package has links into these.
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    # Later versions have other file names, and every icon would vanish.
    "fonts-font-awesome/bookworm",
)
SUITES = ("sid", "bookworm")
# Missing in the package; without it each page logs an error and each tour fails.
MISSING = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def find_mirror():
    """Return the address of the Debian mirror that apt uses here, or None."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    form = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    codenames = _debian_codenames()
    for line in targets.stdout.splitlines():
        address, release, component = line.split("|")
        if release in codenames and component == "main":
            return address
    return None


def _debian_codenames():
    """Return the suite names that mean Debian proper on this machine."""
    facts = _os_release()
    if facts.get("ID") != "debian":
        return set()
    return {facts.get("VERSION_CODENAME"), "sid", "unstable", "testing", "stable"}


def _os_release():
    path = Path("/etc/os-release")
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def fetch(folder, mirror):
    """Download Odoo and the packages it has links into, and unpack them."""
    work = CACHE / "apt"
    options = _apt_options(work, mirror)
    unreachable = (
        "The Debian mirror is unreachable: check the network and apt's sources, "
        "then start again."
    )
    run_logged(
        ["apt-get", *options, "update", "--error-on=any"],
        "Reading the Debian mirror",
        unreachable=unreachable,
    )
    run_logged(
        ["apt-get", *options, "download", *PACKAGES],
        "Downloading Odoo 19 from Debian (130 MB)",
        unreachable=unreachable,
        cwd=work / "debs",
    )
    _unpack(work / "debs", folder)
    shutil.rmtree(work)


def _apt_options(work, mirror):
    """Return options that give apt its own sources, lists and cache in ``work``."""
    shutil.rmtree(work, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (work / name).mkdir(parents=True)
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    sources = work / "sources.list"
    sources.write_text(
        "".join(f"deb {signed}{mirror} {suite} main\n" for suite in SUITES)
    )
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache",
        "APT::Sandbox::User": "root",
        "APT::Get::AllowUnauthenticated": "false",
        # A frozen mirror is good enough: what it signed is still checked.
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return [
        part for name, value in settings.items() for part in ("-o", f"{name}={value}")
    ]


def _unpack(debs, folder):
    """Unpack packages into a folder that appears only when it is complete."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for deb in sorted(debs.glob("*.deb")):
        run_logged(["dpkg", "-x", deb, partial], f"Unpacking {deb.name.split('_')[0]}")
    home = python_folder(partial)
    if not (home / "odoo" / "release.py").exists():
        raise Failure("Debian's odoo-19 package holds no Odoo: set ODOO_HOME instead.")
    stub = home / "odoo" / "addons" / MISSING
    stub.parent.mkdir(parents=True, exist_ok=True)
    if not stub.exists():
        stub.touch()
    partial.rename(folder)


def python_folder(folder):
    """Return the folder, in an unpacked tree, that holds the package ``odoo``."""
    return folder / "usr" / "lib" / "python3" / "dist-packages"
