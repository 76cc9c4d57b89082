"""Every way into the product: addresses, commands, and the work that is done in the background. `app.py` opens them."""

from __future__ import annotations

from flask.cli import AppGroup

import accounts.cli
import accounts.jobs
import accounts.public
import accounts.views
import certificates.jobs
import certificates.public
import certificates.views
import door.api
import door.public
import door.views.board
import door.views.devices
import door.views.door
import door.views.queue_files
import door.views.reviews
import door.views.room
import door.views.sheet
import feedback.jobs
import feedback.public
import feedback.views.follow_ups
import feedback.views.questionnaires
import feedback.views.results
import feedback.views.texts
import founding.cli
import indicators.api.public
import indicators.files.public
import indicators.files.views
import indicators.jobs
import indicators.public
import indicators.views.actuals
import indicators.views.assumptions
import indicators.views.cockpit
import indicators.views.definitions
import indicators.views.logframe
import indicators.views.periods
import indicators.views.results
import indicators.views.share_links
import materials.public
import materials.views.copies
import materials.views.materials
import messages.jobs
import messages.public
import messages.views.messages
import messages.views.settings
import monitoring.views.external
import monitoring.views.recommendations
import monitoring.views.register
import monitoring.views.reports
import monitoring.views.visits
import participants.jobs
import participants.public
import participants.views.cards
import participants.views.consent
import participants.views.imports
import participants.views.organisations
import participants.views.people
import participants.views.register
import participants.views.substitutions
import places.jobs
import places.public
import places.views
import privacy.cli
import quizzes.public
import quizzes.views.exchange
import quizzes.views.paper
import quizzes.views.questions
import quizzes.views.reports
import quizzes.views.running
import quizzes.views.writing
import trainings.policies
import trainings.public
import trainings.views.calendars
import trainings.views.changing
import trainings.views.events
import trainings.views.programmes
import trainings.views.readiness
import trainings.views.setting_up
import trainings.views.templates
import upkeep.cli
import upkeep.views

ROUTES = [
    accounts.public.edge,
    accounts.views.edge,
    trainings.views.programmes.edge,
    trainings.views.events.edge,
    trainings.views.changing.edge,
    trainings.views.calendars.edge,
    trainings.views.readiness.edge,
    trainings.views.setting_up.edge,
    trainings.views.templates.edge,
    trainings.public.edge,
    participants.public.edge,
    door.public.edge,
    participants.views.people.edge,
    participants.views.imports.edge,
    participants.views.register.edge,
    participants.views.organisations.edge,
    participants.views.substitutions.edge,
    participants.views.consent.edge,
    door.views.door.edge,
    door.views.devices.edge,
    door.views.board.edge,
    door.views.room.edge,
    door.views.sheet.edge,
    participants.views.cards.edge,
    door.views.reviews.edge,
    door.views.queue_files.edge,
    door.api.edge,
    places.public.edge,
    places.views.edge,
    materials.public.edge,
    materials.views.materials.edge,
    materials.views.copies.edge,
    quizzes.public.edge,
    quizzes.views.running.edge,
    quizzes.views.paper.edge,
    quizzes.views.writing.edge,
    quizzes.views.questions.edge,
    quizzes.views.exchange.edge,
    quizzes.views.reports.edge,
    feedback.public.edge,
    feedback.views.results.edge,
    feedback.views.follow_ups.edge,
    feedback.views.texts.edge,
    feedback.views.questionnaires.edge,
    monitoring.views.register.edge,
    monitoring.views.visits.edge,
    monitoring.views.reports.edge,
    monitoring.views.recommendations.edge,
    monitoring.views.external.edge,
    messages.public.edge,
    messages.views.messages.edge,
    messages.views.settings.edge,
    certificates.public.edge,
    certificates.views.edge,
    indicators.public.edge,
    indicators.views.results.edge,
    indicators.views.logframe.edge,
    indicators.views.assumptions.edge,
    indicators.views.definitions.edge,
    indicators.views.actuals.edge,
    indicators.views.share_links.edge,
    indicators.views.periods.edge,
    indicators.views.cockpit.edge,
    indicators.files.public.edge,
    indicators.api.public.edge,
    indicators.files.views.edge,
    upkeep.views.edge,
]
COMMANDS = AppGroup("muster", help="This installation.")
for command in (
    *founding.cli.edge.commands.values(),
    *upkeep.cli.edge.commands.values(),
    privacy.cli.edge,
    accounts.cli.edge,
):
    COMMANDS.add_command(command)
