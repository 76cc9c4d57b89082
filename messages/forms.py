"""What is typed about letters, and the words of our lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf, Regexp

from core.forms import BaseForm, ParagraphsForm, TextsField, choice, day, radios, time
from core.mail import Step
from messages.models import LetterState, MessageKind, Recipients, StopReason
from participants.models import Registration

KIND_NAMES = {
    MessageKind.INVITATION: _l("Invitation: will you come?"),
    MessageKind.REMINDER: _l("Reminder before the event"),
    MessageKind.CHANGE: _l("The programme has changed"),
    MessageKind.MATERIALS: _l("Materials to read"),
    MessageKind.POST_QUIZ: _l("Reminder of the quiz after the event"),
    MessageKind.FOLLOW_UP: _l("Reminder of the follow-up"),
    MessageKind.CERTIFICATE: _l("The certificate is ready"),
    MessageKind.MOVED_UP: _l("A place has become free"),
}
KIND_MEANINGS = {
    MessageKind.INVITATION: _l("To those who have a place and have not said whether they come."),
    MessageKind.REMINDER: _l("To those who have a place, while the event is ahead."),
    MessageKind.CHANGE: _l("To everybody on the list, the waiting list too."),
    MessageKind.MATERIALS: _l("To those who have a place, once something can be read."),
    MessageKind.POST_QUIZ: _l("To those who have not answered, while the quiz is open."),
    MessageKind.FOLLOW_UP: _l("To those who have not answered, while the follow-up is open."),
    MessageKind.CERTIFICATE: _l("To those who have a valid certificate."),
    MessageKind.MOVED_UP: _l("To those who moved up from the waiting list, while the event is ahead."),
}
RECIPIENTS_NAMES = {
    Recipients.ALL: _l("everybody it concerns"),
    Recipients.CAME: _l("only those who came"),
    Recipients.MISSING: _l("only those who have not come"),
}
STATE_NAMES = {
    LetterState.WAITING: _l("waits for another try"),
    LetterState.SENDING: _l("is being sent"),
    LetterState.SENT: _l("sent"),
    LetterState.SKIPPED: _l("not needed any more"),
    LetterState.WITHDRAWN: _l("withdrawn"),
    LetterState.REFUSED: _l("refused"),
    LetterState.GIVEN_UP: _l("given up"),
    LetterState.UNSURE: _l("perhaps sent"),
}
STEP_NAMES = {
    Step.CONNECTING: _l("The mail server could not be reached."),
    Step.SIGNING_IN: _l("The mail server did not let us sign in."),
    Step.SENDER: _l("The mail server does not take letters from our address now."),
    Step.RECIPIENT: _l("The mail server does not take letters to this address."),
    Step.CONTENT: _l("The line broke or the letter was turned down at its end."),
}
STOP_NAMES = {
    StopReason.REFUSED: _l("address refused"),
    StopReason.CAME_BACK: _l("a letter came back"),
    StopReason.UNWANTED: _l("wants no letters"),
}


class MailForm(BaseForm):
    is_on = BooleanField(_l("This programme writes e-mail"))
    tells_who_moves_up = BooleanField(_l("Write by itself to whoever moves up from a waiting list"))
    subject = TextsField(_l("Subject of every letter"))


class TextForm(BaseForm):
    body = TextsField(_l("Text"), form=ParagraphsForm)


class MessageForm(BaseForm):
    """A message being written. `uid` was given with the page, so that pressed twice it is sent once."""

    uid = HiddenField(validators=[Regexp(r"^[A-Za-z0-9_-]{16}$")])
    recipients = radios(_l("To whom"), lambda: [(whom.value, RECIPIENTS_NAMES[whom]) for whom in Recipients])
    body = TextsField(_l("Text"), form=ParagraphsForm)
    on = day(_l("Send on (empty: at once)"))
    at = time(_l("at"))
    shown = choice(_l("As it reads for"), lambda: [], validate_choice=False)

    def offer(self, places: list[Registration]) -> None:
        self.shown.choices = [(place.uid, place.called) for place in places]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if bool(self.on.data) != bool(self.at.data):
            self.on.errors = [*self.on.errors, _l("A day and a time, please, or neither.")]
            return False
        return fine

    def goes_out_at(self, zone: str) -> datetime | None:
        if not self.on.data:
            return None
        return datetime.combine(self.on.data, self.at.data, ZoneInfo(zone))


class CameBackForm(BaseForm):
    place = choice(_l("Whose letter came back"), lambda: [])

    def offer(self, places: list[Registration]) -> None:
        self.place.choices = [(place.uid, place.called) for place in places]


class WantedForm(BaseForm):
    """From a participant's own page: the secret of its address is the right to send it."""

    class Meta(FlaskForm.Meta):
        csrf = False

    wanted = HiddenField(validators=[AnyOf(("yes", "no"))])
