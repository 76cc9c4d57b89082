"""A question of each kind, for the template: how a row is filled in, in every language."""

from __future__ import annotations

from core.i18n import Texts
from quizzes.models import QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan


def _said(en: str, ru: str, be: str) -> Texts:
    return Texts({"en": en, "ru": ru, "be": be})


_TRUE, _FALSE = _said("True", "Верно", "Дакладна"), _said("False", "Неверно", "Недакладна")

PLANS = [
    QuestionPlan(
        QuestionKind.SINGLE,
        _said(
            "When must a detained person be told the reasons?",
            "Когда задержанному сообщают причины задержания?",
            "Калі затрыманаму паведамляюць прычыны затрымання?",
        ),
        [
            OptionPlan(_said("At the time of arrest", "В момент ареста", "У момант арышту"), True),
            OptionPlan(_said("Within three days", "В течение трёх суток", "На працягу трох сутак")),
            OptionPlan(_said("When a lawyer asks", "По просьбе адвоката", "На просьбу адваката")),
        ],
        standard=_said("ICCPR, article 9 (2)", "МПГПП, статья 9 (2)", "МПГПП, артыкул 9 (2)"),
    ),
    QuestionPlan(
        QuestionKind.MULTIPLE,
        _said(
            "Whom may a detained person ask for?",
            "Кого вправе потребовать задержанный?",
            "Каго мае права патрабаваць затрыманы?",
        ),
        [
            OptionPlan(_said("A lawyer", "Адвоката", "Адваката"), True),
            OptionPlan(_said("A doctor", "Врача", "Урача"), True),
            OptionPlan(_said("A juror", "Присяжного", "Прысяжнага")),
        ],
    ),
    QuestionPlan(
        QuestionKind.TRUE_FALSE,
        _said(
            "A state of emergency allows torture.",
            "Чрезвычайное положение допускает пытки.",
            "Надзвычайнае становішча дапускае катаванні.",
        ),
        [OptionPlan(_TRUE), OptionPlan(_FALSE, True)],
        explanation=_said("The prohibition is absolute.", "Запрет абсолютен.", "Забарона абсалютная."),
        keeps_order=True,
    ),
    QuestionPlan(
        QuestionKind.SHORT,
        _said(
            "Which city does the Human Rights Committee meet in?",
            "В каком городе заседает Комитет по правам человека?",
            "У якім горадзе засядае Камітэт па правах чалавека?",
        ),
        [
            OptionPlan(_said("Geneva", "Женева", "Жэнева"), True),
            OptionPlan(_said("in Geneva", "в Женеве", "у Жэневе"), True),
        ],
    ),
    QuestionPlan(
        QuestionKind.NUMBER,
        _said(
            "In which year was the Universal Declaration adopted?",
            "В каком году принята Всеобщая декларация прав человека?",
            "У якім годзе прынята Усеагульная дэкларацыя правоў чалавека?",
        ),
        [OptionPlan(Texts(), True, low="1948", high="1948")],
    ),
    QuestionPlan(
        QuestionKind.MATCHING,
        _said("Who watches over what?", "Кто за чем наблюдает?", "Хто за чым назірае?"),
        [
            OptionPlan(
                _said("ICCPR", "МПГПП", "МПГПП"),
                match=_said("Human Rights Committee", "Комитет по правам человека", "Камітэт па правах чалавека"),
            ),
            OptionPlan(
                _said("Convention against Torture", "Конвенция против пыток", "Канвенцыя супраць катаванняў"),
                match=_said("Committee against Torture", "Комитет против пыток", "Камітэт супраць катаванняў"),
            ),
            OptionPlan(Texts(), match=_said("Security Council", "Совет Безопасности", "Савет Бяспекі")),
        ],
    ),
    QuestionPlan(
        QuestionKind.ORDERING,
        _said("Put the steps in order.", "Расположите шаги по порядку.", "Размясціце крокі па парадку."),
        [
            OptionPlan(_said("Detention", "Задержание", "Затрыманне")),
            OptionPlan(_said("Registration", "Регистрация", "Рэгістрацыя")),
            OptionPlan(_said("A judge", "Судья", "Суддзя")),
        ],
    ),
    QuestionPlan(
        QuestionKind.FREE,
        _said("What will you do differently?", "Что вы будете делать иначе?", "Што вы будзеце рабіць інакш?"),
    ),
]
