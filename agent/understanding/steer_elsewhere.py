"""Where the study that is shown cannot be steered as the message says, and another one of this chat can: it is asked about."""

from dataclasses import replace

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import listed, sentence
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese

_IN_CHINESE = {"pause": "暂停", "resume": "继续", "stop": "停止"}


def steered_elsewhere(plan: Plan, known: Known) -> Plan:
    """The plan, where it steers the study at hand; else the question about the one that can be steered so, by its name."""
    order = plan.acting[0] if len(plan.acting) == 1 else None
    if order is None or order.tool != "control_study" or order.args.get("study", known.study) != known.study:
        return plan
    if known.study and known.study.lower() in plan.say.lower():
        return plan  # which says itself which one
    if (problem := known.would(order.tool, order.args).problem) is None:
        return plan
    found = asked_elsewhere(plan.say, str(order.args["action"]), problem, known)
    if found is None:
        return plan
    return replace(found, requests=tuple(one for one in plan.requests if not one.acts), held=plan.held)


def asked_elsewhere(say: str, action: str, problem: str, known: Known) -> Plan | None:
    """Asks about the only other study of this chat that can be steered so; None where there is none.

    Args:
        action: pause, resume or stop.
        problem: Why the study at hand cannot be.
    """
    orders = [
        order
        for name in known.own()
        if name != known.study
        and (order := Request(tool="control_study", args={"action": action, "study": name}, words=say))
        and known.would(order.tool, order.args).problem is None
    ]
    names = [outside.code(order.args["study"]) for order in orders]
    zh = is_chinese(say)
    why = refusal(problem) if zh else sentence(problem)
    if not orders:
        return None
    if len(orders) > 1:
        which = f"这个聊天里可以{_IN_CHINESE[action]}的有：{'、'.join(names)}。请说是哪一个。"
        english = f"Of this chat's studies {listed(names)} can be: say which, “{action} {outside.text(orders[0].args['study'])}”."
        return Plan(say=say, answer=f"{why}{which}" if zh else f"{why} {english}")
    asks = f"{why}要我{_IN_CHINESE[action]} {names[0]} 吗？" if zh else f"{why} Shall I {action} {names[0]}?"
    return Plan(
        say=say, waiting=Waiting(requests=(orders[0],), choices=(DO, LEAVE), text=asks, notes=(why,), why="unclear")
    )
