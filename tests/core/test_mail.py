"""Letters are handed over to a server that is who it says, over a line that nobody reads, or not at all."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import clock
from core.config import BadSetting, Settings
from core.mail import Answer, Envelope, Post, Step, Unreachable, Verdict
from tests.mail_servers import Server, listening

LETTER = Envelope("anna@example.com", "A message for you", "Hello!", "key")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that vouches for itself, for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.net")])
    now = clock.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    text = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    path.write_bytes(text + secret)
    return path


class PostOffice(Server):
    """A server that knows one office by its password, and remembers every password it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bytes] = []

    def knows(self, server: Any, session: Any, envelope: Any, mechanism: str, said: LoginPassword) -> AuthResult:
        self.told.append(said.password)
        return AuthResult(success=(said.login, said.password) == (b"office", b"sesame"))


@contextmanager
def office(certificate: Path, tmp_path: Path, **ways: Any) -> Iterator[tuple[PostOffice, dict[str, Any]]]:
    """A server that wants a sign-in, and settings that lead to it, with the right password and certificate."""
    server = PostOffice()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    ways = {name: context if value == "ours" else value for name, value in ways.items()}
    password = tmp_path / "password"
    password.write_text("sesame\n")
    with listening(server, authenticator=server.knows, auth_exclude_mechanism=["LOGIN"], **ways) as settings:
        yield (
            server,
            settings
            | {"mail_user": "office", "mail_password_file": str(password), "mail_ca_file": str(certificate)}
            | {"home": tmp_path, "mail_tls": "starttls"},
        )


def hand_over(settings: dict[str, Any], **other: Any) -> Answer:
    with Post(Settings(**(settings | other))) as post:
        return post.hand_over(LETTER)


def test_a_letter_goes_over_a_secured_line_after_a_sign_in(certificate: Path, tmp_path: Path) -> None:
    with office(certificate, tmp_path, tls_context="ours", require_starttls=True) as (server, settings):
        assert hand_over(settings).verdict == Verdict.TAKEN
        assert server.addresses == ["anna@example.com"] and server.told == [b"sesame"]
    with office(certificate, tmp_path, ssl_context="ours", auth_require_tls=False) as (server, settings):
        assert hand_over(settings, mail_tls="tls").verdict == Verdict.TAKEN


def test_a_wrong_password_blames_the_sign_in_and_nothing_is_sent(certificate: Path, tmp_path: Path) -> None:
    with office(certificate, tmp_path, tls_context="ours", require_starttls=True) as (server, settings):
        (tmp_path / "password").write_text("guess")
        with pytest.raises(Unreachable) as problem:
            hand_over(settings)
        assert problem.value.step == Step.SIGNING_IN
        assert server.taken == []


def test_a_server_that_nobody_vouches_for_is_told_neither_password_nor_letter(
    certificate: Path, tmp_path: Path
) -> None:
    with office(certificate, tmp_path, tls_context="ours") as (server, settings):
        for other in ({"mail_ca_file": ""}, {"mail_host": "localhost"}):
            with pytest.raises(Unreachable) as problem:
                hand_over(settings, **other)
            assert problem.value.step == Step.CONNECTING
    with office(certificate, tmp_path, ssl_context="ours", auth_require_tls=False) as (other, settings):
        with pytest.raises(Unreachable):
            hand_over(settings, mail_tls="tls", mail_ca_file="")
        assert server.told == other.told == [] and server.taken == other.taken == []


def test_a_server_that_offers_no_secured_line_where_one_is_asked_for_gets_nothing(
    certificate: Path, tmp_path: Path
) -> None:
    with office(certificate, tmp_path, auth_require_tls=False) as (server, settings):
        with pytest.raises(Unreachable) as problem:
            hand_over(settings)
        assert problem.value.step == Step.CONNECTING
        assert server.told == [] and server.taken == []
        assert hand_over(settings, mail_tls="none").verdict == Verdict.TAKEN, "it would have taken everything in clear"


def test_a_file_of_certificates_that_is_not_there_is_said_at_the_start(tmp_path: Path) -> None:
    named = {"MUSTER_MAIL_HOST": "mail.example.net", "MUSTER_MAIL_SENDER": "post@example.net"}
    with pytest.raises(BadSetting, match="MUSTER_MAIL_CA_FILE names"):
        Settings.from_environment(named | {"MUSTER_MAIL_CA_FILE": str(tmp_path / "missing.pem")})
