"""Letters handed to a mail server, one at a time, and what the server said in the four ways that matter.

Nothing here is logged, and of a server's answer only its number is kept: the words often repeat the address.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP as LINE_ENDS
from email.utils import format_datetime, formataddr
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from core import clock
from core.config import Settings

SECONDS = 30  # how long a server may think about one step


class Verdict(StrEnum):
    """What became of a letter: taken, perhaps later, never, or nobody can tell because the line broke at the end."""

    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"
    UNSURE = "unsure"


class Step(StrEnum):
    """How far it came."""

    CONNECTING = "connecting"
    SIGNING_IN = "signing_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    step: Step
    code: int | None = None


class Unreachable(Exception):
    """The server cannot be spoken to at all; the letters are not to blame."""

    def __init__(self, step: Step, code: int | None = None) -> None:
        super().__init__(step.value)
        self.step, self.code = step, code


@dataclass(frozen=True)
class Envelope:
    """One letter. Its repr shows nothing of it."""

    to: str
    subject: str
    text: str
    key: str  # of this letter, the same at every try
    calendar: bytes | None = None  # an event for the person's calendar (RFC 5545)

    def __repr__(self) -> str:
        return "<Envelope>"


class Post:
    """A connection to the mail server of the settings, opened on entering; refuses with Unreachable."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.domain = settings.mail_sender.rpartition("@")[2]

    def __enter__(self) -> Post:
        settings = self.settings
        try:
            self.server = self._connected()
        except (OSError, smtplib.SMTPException) as problem:
            raise Unreachable(Step.CONNECTING, _number_in(problem)) from None
        try:
            if settings.mail_tls == "starttls":
                # Refused or not offered: nothing more is said to this server.
                self.server.starttls(context=self._trust())
        except (OSError, smtplib.SMTPException) as problem:
            self.server.close()
            raise Unreachable(Step.CONNECTING, _number_in(problem)) from None
        try:
            if settings.mail_user:
                password = Path(settings.mail_password_file).read_text().strip() if settings.mail_password_file else ""
                self.server.login(settings.mail_user, password)
        except (OSError, smtplib.SMTPException) as problem:
            self.server.close()
            raise Unreachable(Step.SIGNING_IN, _number_in(problem)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.server.quit()
        except (OSError, smtplib.SMTPException):
            self.server.close()

    def _connected(self) -> smtplib.SMTP:
        host, port = self.settings.mail_host, self.settings.mail_port
        # Our own name in the greeting would stand in every letter's headers: the sender's domain stands there already.
        name = self.domain
        if self.settings.mail_tls == "tls":
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=SECONDS, context=self._trust())
        return smtplib.SMTP(host, port, local_hostname=name, timeout=SECONDS)

    def _trust(self) -> ssl.SSLContext:
        """Whom a server has to be vouched for by, under the name we call it."""
        return ssl.create_default_context(cafile=self.settings.mail_ca_file or None)

    def hand_over(self, envelope: Envelope) -> Answer:
        """Give the server one letter. Raises Unreachable when the line breaks before the letter was on it."""
        content = self._written(envelope)
        try:
            self.server.ehlo_or_helo_if_needed()
            refused = self._refused_before_content(envelope.to)
        except UnicodeError:
            return Answer(Verdict.NEVER, Step.RECIPIENT)  # letters this server has no way to write
        except (OSError, smtplib.SMTPException) as problem:
            raise Unreachable(Step.SENDER, _number_in(problem)) from None
        if refused:
            self.server.rset()
            return refused
        try:
            code, _words = self.server.data(content)
        except smtplib.SMTPDataError as problem:  # it did not want to hear the letter
            return _answer(problem.smtp_code, Step.CONTENT)
        except (OSError, smtplib.SMTPException):
            # The letter was on the line and the answer is lost: it may have been taken.
            return Answer(Verdict.UNSURE, Step.CONTENT)
        return _answer(code, Step.CONTENT)

    def _refused_before_content(self, to: str) -> Answer | None:
        code, _words = self.server.mail(self.settings.mail_sender)
        if code != 250:
            # The sender is ours: whatever the server says against it is no fault of the person's address.
            return Answer(Verdict.LATER, Step.SENDER, code)
        code, _words = self.server.rcpt(to)
        return None if code in (250, 251) else _answer(code, Step.RECIPIENT)

    def _written(self, envelope: Envelope) -> bytes:
        """The letter as it goes out: no more headers than it needs, the time in UTC, no name of ours or theirs."""
        letter = EmailMessage(policy=LINE_ENDS)
        letter["From"] = formataddr((self.settings.product_name, self.settings.mail_sender))
        letter["To"] = envelope.to
        letter["Subject"] = envelope.subject
        letter["Date"] = format_datetime(clock.now().astimezone(UTC))
        letter["Message-ID"] = f"<{envelope.key}@{self.domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # no out-of-office note comes back
        letter.set_content(envelope.text)
        if envelope.calendar is not None:
            method = {"method": "PUBLISH", "charset": "utf-8"}  # the same as in it, or programs do not open it
            letter.add_attachment(envelope.calendar, "text", "calendar", filename="calendar.ics", params=method)
        return letter.as_bytes()


def _number_in(problem: Exception) -> int | None:
    """The number of a server's answer, where it answered."""
    return getattr(problem, "smtp_code", None)


def _answer(code: int, step: Step) -> Answer:
    if 200 <= code < 300:
        return Answer(Verdict.TAKEN, step, code)
    return Answer(Verdict.NEVER if code >= 500 else Verdict.LATER, step, code)
