"""Make a certificate for this machine on its local network, signed by an authority of its own.

    python scripts/lan_certificate.py FOLDER NAME [NAME ...]

Names are host names and addresses. Phones trust what they serve once FOLDER/ca.crt is installed on
them. The authority is kept for ten years; the certificate is made anew when it ends within 30 days
or a name is missing. Private keys are readable by their owner only.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVER_DAYS = 397  # the longest that phones accept
RENEW_DAYS = 30


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, authority_key = _authority(folder)
    if _is_good(folder / "server.crt", names):
        return
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(names[0]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
    )
    certificate = builder.sign(authority_key, hashes.SHA256())
    _write(folder / "server.key", _private(key), 0o600)
    chain = certificate.public_bytes(serialization.Encoding.PEM)
    _write(folder / "server.crt", chain + authority.public_bytes(serialization.Encoding.PEM), 0o644)


def _authority(folder: Path) -> tuple[x509.Certificate, Any]:
    crt, key_path = folder / "ca.crt", folder / "ca.key"
    if crt.exists() and key_path.exists():
        kept = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        return x509.load_pem_x509_certificate(crt.read_bytes()), kept
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = _name("Safe Shore local authority"), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    _write(key_path, _private(key), 0o600)
    _write(crt, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def _is_good(path: Path, names: list[str]) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(one.value) for one in told}
    lasts = certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=RENEW_DAYS)
    return lasts and set(names) <= known


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: Any) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    part = path.with_suffix(".new")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    part.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
