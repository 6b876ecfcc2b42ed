"""The virtual environment: every Python package of the lock, and nothing else."""

import os
import shutil
import subprocess
import sys

from .console import Failure, run_logged
from .paths import CACHE, LOCK, ROOT, venv_folder

PIP_OPTIONS = ("--require-hashes", "--no-deps", "--disable-pip-version-check")
OLDEST, NEWEST = (3, 10), (3, 13)


def python():
    """Return the path of the environment's Python."""
    return venv_folder() / "bin" / "python"


def is_inside():
    """Tell whether this process runs in the environment."""
    return sys.prefix == str(venv_folder())


def is_complete():
    """Tell whether the environment was made to the end."""
    return (venv_folder() / "complete").exists()


def ensure_venv():
    """Create the environment if the lock has changed or it was never made."""
    if is_complete():
        return
    _check_python()
    shutil.rmtree(venv_folder(), ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    _create()
    run_logged(
        [python(), "-m", "pip", "install", *PIP_OPTIONS, "-r", LOCK],
        "Installing Python packages",
        unreachable="The Python package index is unreachable or lacks a package: check "
        "the network or pip's configuration, then start again.",
    )
    (venv_folder() / "complete").touch()


def _check_python():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise Failure(
            "Python 3.10 to 3.13 is needed, this is "
            f"{sys.version.split()[0]}: install one of these as python3.x."
        )


def _create():
    """Create an empty environment with pip in it."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(venv_folder())],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode and "ensurepip" in made.stdout + made.stderr:
        raise Failure(
            "Python cannot make virtual environments here: type "
            "“apt-get install python3-venv” as root, then start again."
        )
    if made.returncode:
        raise Failure(f"No virtual environment: {(made.stdout + made.stderr).strip()}")


def reenter(module, arguments):
    """Replace this process by the same command inside the environment."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "bin")}
    environment.pop("PYTHONHOME", None)
    os.execve(python(), [str(python()), "-m", module, *arguments], environment)
