"""Every setting of an installation, in one typed place: a field here is an environment variable there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

CHECKOUT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting that cannot be used; the message names the variable and says what would do."""


def setting(variable: str, help_text: Any, default: Any = None, *, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"variable": variable, "help": help_text, "is_secret": is_secret})


@dataclass(frozen=True)
class Explained:
    """A setting for people; the value of a secret one is left out."""

    variable: str
    help_text: str
    value: str
    default: str
    is_secret: bool
    is_changed: bool


@dataclass(frozen=True)
class Settings:
    """The settings of this installation, read once at start-up. Print them with `script/muster settings`."""

    home: Path = setting(
        "MUSTER_HOME", _l("Folder for the database, the key ring and files made here."), CHECKOUT / "var"
    )
    database_url: str = setting(
        "DATABASE_URL", _l("Database address. Empty: SQLite in MUSTER_HOME."), "", is_secret=True
    )
    key_ring: str = setting("MUSTER_KEY_RING", _l("Key ring file. Empty: keys/ring.json in MUSTER_HOME."), "")
    host: str = setting("MUSTER_HOST", _l("Address the server listens on."), "127.0.0.1")
    port: int = setting("MUSTER_PORT", _l("Port the server listens on."), 8000)
    threads: int = setting("MUSTER_THREADS", _l("Requests answered at the same time."), 4)
    public_url: str = setting(
        "MUSTER_PUBLIC_URL", _l("Address people type, printed in links. Empty: from host and port."), ""
    )
    behind_tls: bool = setting("MUSTER_BEHIND_TLS", _l("yes when people reach the server by https."), False)
    proxies: int = setting("MUSTER_PROXIES", _l("How many proxies of yours stand in front of the server."), 0)
    product_name: str = setting("MUSTER_PRODUCT_NAME", _l("Neutral name shown on every page."), "Muster")
    quick_exit: str = setting(
        "MUSTER_QUICK_EXIT", _l("Harmless page that participants leave for by one press."), "https://www.google.com/"
    )
    calendar_titles: bool = setting(
        "MUSTER_CALENDAR_TITLES",
        _l("yes: calendars of staff name titles and venues; no: the product and a town."),
        False,
    )
    language: str = setting("MUSTER_LANGUAGE", _l("Language when nobody has chosen one: en, ru or be."), "en")
    idle_minutes: int = setting(
        "MUSTER_IDLE_MINUTES", _l("Minutes without a click after which staff are signed out."), 15
    )
    signed_in_hours: int = setting(
        "MUSTER_SIGNED_IN_HOURS", _l("Hours after which staff sign in again in any case."), 8
    )
    upload_megabytes: int = setting(
        "MUSTER_UPLOAD_MEGABYTES", _l("Largest upload in megabytes, but for materials."), 10
    )
    material_megabytes: int = setting("MUSTER_MATERIAL_MEGABYTES", _l("Largest file of a material, in megabytes."), 25)
    import_rows: int = setting("MUSTER_IMPORT_ROWS", _l("Most people in one list."), 50_000)
    donor_k: int = setting("MUSTER_DONOR_K", _l("Smallest group shown on a donor's link."), 5)
    public_k: int = setting("MUSTER_PUBLIC_K", _l("Smallest group shown to the public."), 10)
    mail_host: str = setting(
        "MUSTER_MAIL_HOST", _l("Mail server that takes letters to participants. Empty: none go out."), ""
    )
    mail_port: int = setting("MUSTER_MAIL_PORT", _l("Its port."), 587)
    mail_tls: str = setting(
        "MUSTER_MAIL_TLS", _l("How it is spoken to: starttls, tls, or none on this machine only."), "starttls"
    )
    mail_ca_file: str = setting(
        "MUSTER_MAIL_CA_FILE",
        _l("File of certificates (PEM) that alone vouch for the mail server. Empty: those this machine trusts."),
        "",
    )
    mail_user: str = setting("MUSTER_MAIL_USER", _l("Who signs in there. Empty: nobody."), "", is_secret=True)
    mail_password_file: str = setting(
        "MUSTER_MAIL_PASSWORD_FILE", _l("File that holds the password, for you alone."), ""
    )
    mail_sender: str = setting("MUSTER_MAIL_SENDER", _l("Address letters come from; everybody on the way sees it."), "")
    mail_per_minute: int = setting("MUSTER_MAIL_PER_MINUTE", _l("Most letters handed over in a minute."), 30)
    is_demo: bool = setting(
        "MUSTER_DEMO", _l("yes: an invented programme, entered by links without a password."), False
    )

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database."""
        url = self.database_url or f"sqlite:///{self.home / 'muster.db'}"
        for plain in ("postgres://", "postgresql://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @property
    def key_ring_path(self) -> Path:
        return Path(self.key_ring) if self.key_ring else self.home / "keys" / "ring.json"

    @property
    def files(self) -> Path:
        """Folder of material files."""
        return self.home / "files"

    @property
    def address(self) -> str:
        """Where people reach this installation, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; refuses a value of the wrong shape and a misspelt MUSTER_ variable with BadSetting."""
        environment = os.environ if environment is None else environment
        known = {f.metadata["variable"]: f for f in fields(cls)}
        for variable in environment:
            if variable.startswith("MUSTER_") and variable not in known:
                raise BadSetting(f"{variable} is not a setting of Muster. `script/muster settings` lists them all.")
        values = {
            known[variable].name: _parsed(variable, environment[variable], known[variable].default)
            for variable in known
            if environment.get(variable, "") != ""
        }
        settings = cls(**values)
        if settings.language not in ("en", "ru", "be"):
            raise BadSetting(f"MUSTER_LANGUAGE is “{settings.language}”; it can be en, ru or be.")
        if not settings.quick_exit.startswith(("https://", "http://")):
            raise BadSetting(f"MUSTER_QUICK_EXIT is “{settings.quick_exit}”; it must begin with https:// or http://.")
        settings._refuse_unusable_mail()
        return settings

    def _refuse_unusable_mail(self) -> None:
        if not self.mail_host:
            return
        if "@" not in self.mail_sender:
            raise BadSetting(
                "MUSTER_MAIL_SENDER is empty; with a mail server it must be the address letters come from."
            )
        if self.mail_tls not in ("starttls", "tls", "none"):
            raise BadSetting(f"MUSTER_MAIL_TLS is “{self.mail_tls}”; it can be starttls, tls or none.")
        if self.mail_tls == "none" and self.mail_host not in ("localhost", "127.0.0.1", "::1"):
            raise BadSetting("MUSTER_MAIL_TLS=none would send letters readable over the network; use starttls or tls.")
        if self.mail_ca_file and not Path(self.mail_ca_file).is_file():
            raise BadSetting(f"MUSTER_MAIL_CA_FILE names {self.mail_ca_file}, and no such file is there.")
        file = Path(self.mail_password_file)
        if self.mail_password_file and not file.is_file():
            raise BadSetting(f"MUSTER_MAIL_PASSWORD_FILE names {file}, and no such file is there.")
        if self.mail_password_file and file.stat().st_mode & 0o077:
            raise BadSetting(f"Others can read MUSTER_MAIL_PASSWORD_FILE. Run: chmod 600 {file}")

    @classmethod
    def described(cls) -> list[tuple[str, str, str]]:
        """(variable, default, help) of every setting, for people."""
        return [(f.metadata["variable"], _shown(f.default), str(f.metadata["help"])) for f in fields(cls)]

    def explained(self) -> list[Explained]:
        """Every setting with its value, in the language of the reader."""
        found = []
        for f in fields(self):
            value, is_secret = getattr(self, f.name), f.metadata["is_secret"]
            shown = "" if is_secret else _shown(value)
            explained = (str(f.metadata["help"]), shown, _shown(f.default), is_secret, value != f.default)
            found.append(Explained(f.metadata["variable"], *explained))
        return found


def _parsed(variable: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() in ("yes", "true", "1", "on"):
            return True
        if text.lower() in ("no", "false", "0", "off"):
            return False
        raise BadSetting(f"{variable} is “{text}”; it can be yes or no.")
    if isinstance(default, int):
        if not text.isdigit():
            raise BadSetting(f"{variable} is “{text}”; it must be a whole number.")
        return int(text)
    return Path(text).expanduser().resolve() if isinstance(default, Path) else text


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, Path):
        return f"{default.relative_to(CHECKOUT) if default.is_relative_to(CHECKOUT) else default}/"
    return str(default)
