"""The chat model of `--llm none`: it says that there is nobody to talk to."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from agent.llm.worded import WORDED

ANSWER = (
    "There is no language model to talk to (`--llm none`): studies run with the advisor alone, from the command line."
    " Start again with `--llm pilot` for the built-in one."
)


class NoModel(BaseChatModel):
    """Answers every message with `ANSWER`."""

    @property
    def _llm_type(self) -> str:
        return "none"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(ANSWER, response_metadata={WORDED: True}))])
