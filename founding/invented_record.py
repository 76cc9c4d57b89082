"""What the demo's team said about its figures, invented: narratives, judgements, reasons, titles of documents."""

from __future__ import annotations

from core.i18n import Texts
from indicators.models import AssumptionState

# By what is counted: of the first period that is locked, of the second, and so on. None is silence.
NARRATIVES: dict[str, tuple[Texts | None, ...]] = {
    "events.held": (
        Texts(
            en="The first workshops began two weeks late, because venues in two towns were closed for repair.",
            ru="Первые семинары начались на две недели позже: площадки в двух городах закрылись на ремонт.",
            be="Першыя семінары пачаліся на два тыдні пазней: пляцоўкі ў двух гарадах зачыніліся на рамонт.",
        ),
        Texts(
            en="The delay is made up. A venue is now booked together with a second one in the same town.",
            ru="Отставание наверстано. Вместе с площадкой теперь бронируется запасная в том же городе.",
            be="Адставанне пераадолена. Разам з пляцоўкай цяпер браніруецца запасная ў тым жа горадзе.",
        ),
    ),
    "people.completed": (
        Texts(
            en="Departments sent fewer people than they had promised; since then each list has a reserve.",
            ru="Управления направили меньше людей, чем обещали; с тех пор у каждого списка есть резерв.",
            be="Упраўленні накіравалі менш людзей, чым абяцалі; з таго часу ў кожнага спіса ёсць рэзерв.",
        ),
        Texts(
            en="Bar associations were asked for their lists earlier, and groups are mixed more evenly.",
            ru="Коллегии адвокатов получили запрос раньше, и состав групп стал ровнее.",
            be="Калегіі адвакатаў атрымалі запыт раней, і склад груп стаў больш роўны.",
        ),
        Texts(
            en="Groups until the end of the period are put together; two departments have not answered yet.",
            ru="Группы до конца периода собраны; два управления пока не ответили.",
            be="Групы да канца перыяду сабраныя; два ўпраўленні пакуль не адказалі.",
        ),
    ),
    "test.gain": (
        None,
        Texts(
            en="People gain most in questions on access to a lawyer and least in those on registers of custody. "
            "Registers now have a session of their own.",
            ru="Больше всего прирост в вопросах о доступе к адвокату, меньше всего — о журналах учёта задержанных. "
            "Журналам теперь отведено отдельное занятие.",
            be="Найбольшы прырост у пытаннях аб доступе да адваката, найменшы — аб журналах уліку затрыманых. "
            "Журналам цяпер адведзены асобны занятак.",
        ),
    ),
    "copies.distributed": (
        None,
        Texts(
            en="A box got wet on the way. What was lost is taken off by an adjustment with the act of writing off.",
            ru="Одна коробка промокла в дороге. Утраченное вычтено поправкой по акту списания.",
            be="Адна скрынка прамокла ў дарозе. Страчанае аднята папраўкай па акце спісання.",
        ),
    ),
    "units.observed": (
        Texts(
            en="The guide was approved late, so visits began only towards the end of the period.",
            ru="Руководство утвердили поздно, поэтому посещения начались лишь к концу периода.",
            be="Дапаможнік зацвердзілі позна, таму наведванні пачаліся толькі пад канец перыяду.",
        ),
        Texts(
            en="Two regions admit visits only after a written request; monitors go there in the next period.",
            ru="В двух областях на посещение нужен письменный запрос; туда наблюдатели поедут в следующем периоде.",
            be="У дзвюх абласцях на наведванне патрэбны пісьмовы запыт; назіральнікі паедуць туды пазней.",
        ),
    ),
    "recs.response": (
        None,
        Texts(
            en="The first written answers came. They speak of registers, not yet of access to a lawyer.",
            ru="Пришли первые письменные ответы. В них речь о журналах учёта, но ещё не о доступе к адвокату.",
            be="Прыйшлі першыя пісьмовыя адказы. У іх гаворка пра журналы ўліку, але яшчэ не пра доступ да адваката.",
        ),
    ),
    "entered": (
        Texts(
            en="Both steps were agreed after the open discussion and stand in the minutes.",
            ru="Оба шага согласованы после открытой дискуссии и записаны в протокол.",
            be="Абодва крокі ўзгоднены пасля адкрытай дыскусіі і запісаны ў пратакол.",
        ),
        Texts(
            en="A working group on registers of custody was agreed; its first meeting is set.",
            ru="Согласована рабочая группа по журналам учёта задержанных; первая встреча назначена.",
            be="Узгоднена рабочая група па журналах уліку затрыманых; першая сустрэча прызначана.",
        ),
    ),
    "words": (
        None,
        Texts(
            en="The assessment draws on reports of civil society, those of the programme’s partners among them.",
            ru="Оценка опирается на доклады гражданского общества, в том числе партнёров программы.",
            be="Ацэнка абапіраецца на даклады грамадзянскай супольнасці, у тым ліку партнёраў праграмы.",
        ),
    ),
}
# What outside bodies said, for an indicator measured in words.
ASSESSMENTS = (
    Texts(
        en="The assessment finds no progress in the registration of custody; access to a lawyer is late.",
        ru="Оценка не отмечает продвижения в учёте задержанных; адвокат приходит поздно.",
        be="Ацэнка не адзначае прасоўвання ва ўліку затрыманых; адвакат прыходзіць позна.",
    ),
    Texts(
        en="The latest assessment notes first steps on registration of custody; access to a lawyer is late.",
        ru="Последняя оценка отмечает первые шаги в учёте задержанных; адвокат по-прежнему приходит поздно.",
        be="Апошняя ацэнка адзначае першыя крокі ва ўліку затрыманых; адвакат па-ранейшаму прыходзіць позна.",
    ),
)
MINUTES, REVIEW = "Протокол встречи с органом власти", "Обзор выполнения рекомендаций"
SHEET = "Лист расчёта"
WRITTEN_OFF = "Акт списания промокших экземпляров"
WHERE_FROM = {
    MINUTES: "Протокол встречи, приложен",
    REVIEW: "Опубликованный обзор, приложен",
    SHEET: "Лист расчёта, приложен",
}
LOST = "Коробка промокла при перевозке: экземпляры выданы под расписку, но не розданы"
ADJUSTABLE = "Потери при перевозке не видны в книге учёта"

JUDGEMENTS = {
    AssumptionState.HOLDS: (
        "Мероприятия периода прошли без препятствий",
        "Подтверждено письмами управлений",
        "По отзывам тренеров и наблюдателей",
    ),
    AssumptionState.AT_RISK: ("Два управления задержали ответ на приглашение; встреча назначена",),
    AssumptionState.BROKEN: ("В двух областях посещения приостановлены приказом до конца полугодия",),
}
FEWER_VISITS = "В двух областях на посещение нужен письменный запрос: на него уходит месяц"
NEW_ASSUMPTION = Texts(
    en="The order that suspends visits in two regions is not extended.",
    ru="Приказ о приостановке посещений в двух областях не продлевают.",
    be="Загад аб прыпыненні наведванняў у дзвюх абласцях не працягваюць.",
)
LIMITS = Texts(
    en="Counts units, not visits: one seen twice counts once. Two regions admit visits only after a request.",
    ru="Считаются подразделения, а не посещения: увиденное дважды — один раз. В двух областях нужен запрос.",
    be="Лічацца падраздзяленні, а не наведванні: убачанае двойчы — адзін раз. У дзвюх абласцях патрэбны запыт.",
)
WHY_LIMITS = "Вопрос донора после отчёта"
SEX_PUT_RIGHT = "В списке был ошибочно записан пол; исправлено по анкете участника"
