"""Copy the front-end packages of manifest.toml into common/static/vendor.

    python scripts/vendor/vendor.py           fetch with npm, verify, write
    python scripts/vendor/vendor.py --check   compare the written files with SHA256SUMS, no network

Source-map references are cut: a hashed static build stops on a map that is not there.
"""

import argparse
import fnmatch
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "common" / "static" / "vendor"
SUMS = HERE / "SHA256SUMS"
SOURCE_MAP = re.compile(rb"\n?(//[#@] ?sourceMappingURL=[^\n]*|/\*# ?sourceMappingURL=.*?\*/)")

Package = dict[str, Any]


def folder_of(package: Package) -> Path:
    """Return NAME-VERSION under the target, without npm's scope."""
    return TARGET / f"{package['name'].split('/')[-1]}-{package['version']}"


def fetch(package: Package, into: Path) -> Path:
    """Download one package with npm and stop when its SHA-256 is not the expected one."""
    wanted = f"{package['name']}@{package['version']}"
    done = subprocess.run(
        ["npm", "pack", "--silent", wanted], cwd=into, check=True, capture_output=True, text=True
    )
    archive = into / done.stdout.strip().splitlines()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package["sha256"]:
        sys.exit(f"{wanted}: sha256 is {found}, not {package['sha256'] or 'given'}")
    return archive


def relative_name(member: str) -> str:
    """Drop the packaging folders: package/dist/images/a.png -> images/a.png."""
    parts = PurePosixPath(member).parts[1:]
    return "/".join(parts[1:] if parts[0] in {"dist", "files"} else parts)


def unpack(package: Package, archive: Path) -> None:
    """Write the wanted files and the licence into the package's folder, replacing it."""
    folder = folder_of(package)
    shutil.rmtree(folder, ignore_errors=True)
    used = set()
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            inside = member.name.removeprefix("package/")
            patterns = [p for p in package["files"] if fnmatch.fnmatchcase(inside, p)]
            is_licence = inside == package["licence"]
            stream = tar.extractfile(member) if patterns or is_licence else None
            if stream is None:
                continue
            used.update(patterns)
            path = folder / ("LICENSE" if is_licence else relative_name(member.name))
            path.parent.mkdir(parents=True, exist_ok=True)
            body = stream.read()
            path.write_bytes(SOURCE_MAP.sub(b"", body) if path.suffix in {".js", ".css"} else body)
    if missing := set(package["files"]) - used:
        sys.exit(f"{package['name']}: not in the package: {', '.join(sorted(missing))}")
    if not (folder / "LICENSE").exists():
        sys.exit(f"{package['name']}: no licence file {package['licence']}")


def sums() -> str:
    """Return one 'sha256  path' line for each vendored file, sorted by path."""
    files = sorted(path for path in TARGET.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(TARGET)}\n"
        for path in files
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare only, no network")
    if parser.parse_args().check:
        sys.exit("common/static/vendor differs" if sums() != SUMS.read_text() else 0)
    packages: list[Package] = tomllib.loads((HERE / "manifest.toml").read_text())["package"]
    with tempfile.TemporaryDirectory() as scratch:
        for package in packages:
            unpack(package, fetch(package, Path(scratch)))
            print(f"{package['name']} {package['version']}")
    SUMS.write_text(sums())


if __name__ == "__main__":
    main()
