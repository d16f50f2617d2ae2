"""One run of `model.generate` in a thread of its own, read as a stream of text that can be stopped at any token."""

import copy
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from queue import Queue
from typing import Any

import torch
from tokenizers.decoders import DecodeStream
from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteria, StoppingCriteriaList
from transformers.generation.streamers import BaseStreamer

from agent.llm.constrained import GrammarProcessor, Guide
from agent.llm.errors import ModelError, ModelTimeoutError
from agent.llm.prompt_cache import PromptCache
from agent.llm.thinking import held_back
from agent.stopping import StoppedError, check_stop, on_stop

CIRCLE_TOKENS = 96  # so many that repeat what stands just before them end an answer in words
_LONGEST_CIRCLE = 64


class Generation:
    """One answer of a model.

    Args:
        model: A PreTrainedModel.
        guide: Of its tokenizer.
        lock: Held while the model works, so that one answer is made at a time.
        cache: What the model read last, under the same lock.
        ids: The prompt, tokens.
        processor: The constraint.
        config: From `sampling`.
        deadline: On the clock of `time.monotonic`; None for no limit. Waiting for the lock counts.
    """

    def __init__(
        self,
        model: Any,
        guide: Guide,
        lock: threading.Lock,
        *,
        ids: Sequence[int],
        processor: GrammarProcessor,
        config: GenerationConfig,
        deadline: float | None,
        cache: PromptCache | None = None,
    ) -> None:
        self._cache = cache or PromptCache()
        self._model, self._guide, self._lock = model, guide, lock
        self._ids, self._processor, self._config, self._deadline = ids, processor, config, deadline
        self._queue: Queue[int | BaseException | None] = Queue()
        self._cancelled, self._has_circled = threading.Event(), threading.Event()
        self.finish_reason = "stop"  # stop, length, timeout or circles, once the stream has ended
        self.n_prompt_tokens = len(ids)
        self.n_tokens = 0  # of the answer

    def texts(self, stop: Sequence[str] = ()) -> Iterator[str]:
        """The answer as it comes, up to the end of the turn or the first of the `stop` strings, which is left out.

        Raises:
            ModelTimeoutError: Another answer kept the model busy until the deadline.
            ModelError: The device ran out of memory.
            StoppedError: The person stopped what runs here; the model stops at its next token.
        """
        threading.Thread(target=self._work, name="generate", daemon=True).start()
        try:
            with on_stop(lambda: self._queue.put(StoppedError())):
                yield from _until(self._texts(), stop) if stop else self._texts()
        finally:
            self._cancelled.set()

    def _texts(self) -> Iterator[str]:
        decoder = DecodeStream(skip_special_tokens=False)
        ended = False
        while (token := self._queue.get()) is not None:
            if isinstance(token, BaseException):
                raise token
            check_stop()
            self.n_tokens += 1
            ended = token in self._guide.end_ids
            if not ended:
                yield decoder.step(self._guide.backend, token) or ""
        if self._has_circled.is_set():
            self.finish_reason = "circles"
        elif not ended:
            self.finish_reason = "length" if self.n_tokens >= self._config.max_new_tokens else "timeout"

    def _work(self) -> None:
        try:
            self._generate()
        except torch.OutOfMemoryError:
            self._queue.put(ModelError(f"the device ran out of memory on a prompt of {len(self._ids):,} tokens"))
        except BaseException as error:  # noqa: BLE001  # handed to the reading thread, which raises it
            self._queue.put(error)
        else:
            self._queue.put(None)

    def _is_over(self, tokens: torch.Tensor) -> bool:
        """Whether nobody reads it any more, its time is up, or it goes round in circles. tokens: (n,) int64"""
        if self._processor.is_free and circles(tokens[len(self._ids) :].tolist()):
            self._has_circled.set()
        late = self._deadline is not None and time.monotonic() > self._deadline
        return late or self._cancelled.is_set() or self._has_circled.is_set()

    def _generate(self) -> None:
        wait_s = -1 if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        if not self._lock.acquire(timeout=wait_s):
            raise ModelTimeoutError("the model is busy with another answer; it did not get free in time")
        try:
            ids = torch.tensor([self._ids], device=self._model.device)  # (1, n)
            known = self._cache.states_for(self._ids)
            answer = self._model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                generation_config=self._config,
                logits_processor=LogitsProcessorList([self._processor]),
                stopping_criteria=StoppingCriteriaList([_Stop(self._is_over)]),
                streamer=_Tokens(self._queue),
                **({} if known is None else {"past_key_values": known}),
            )
            self._processor.catch_up(answer.sequences)
            self._cache.keep(answer.sequences[0].tolist(), answer.past_key_values)
        finally:
            self._lock.release()


class _Stop(StoppingCriteria):
    """Ends the answer when it is over."""

    def __init__(self, is_over: Callable[[torch.Tensor], bool]) -> None:
        self._is_over = is_over

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._is_over(input_ids[0]), device=input_ids.device)


def circles(tokens: Sequence[int]) -> bool:
    """Whether the last tokens say the same again and again, as small models do until they are stopped."""
    last = list(tokens[-(CIRCLE_TOKENS + _LONGEST_CIRCLE) :])
    if len(last) < CIRCLE_TOKENS + 1:
        return False
    return any(
        last[-CIRCLE_TOKENS:] == last[-CIRCLE_TOKENS - period : -period]
        for period in range(1, len(last) - CIRCLE_TOKENS + 1)
    )


class _Tokens(BaseStreamer):
    """Puts the tokens of the answer into a queue; the first that arrives is the prompt."""

    def __init__(self, queue: "Queue[int | BaseException | None]") -> None:
        self._queue, self._is_prompt = queue, True

    def put(self, value: torch.Tensor) -> None:
        if not self._is_prompt:
            for token in value.flatten().tolist():
                self._queue.put(token)
        self._is_prompt = False

    def end(self) -> None: ...


def sampling(model: Any, end_ids: Sequence[int], max_new_tokens: int, temperature: float | None) -> GenerationConfig:
    """The model's own settings with ours on top; temperature None keeps its way of sampling, 0 is greedy."""
    config: GenerationConfig = copy.deepcopy(model.generation_config)
    config.return_dict_in_generate = True
    config.max_new_tokens, config.max_length = max_new_tokens, None
    config.eos_token_id = list(end_ids)
    config.pad_token_id = config.pad_token_id if config.pad_token_id is not None else next(iter(end_ids))
    if temperature is not None:
        config.do_sample = temperature > 0
        config.temperature = temperature or None
    if not config.do_sample:
        config.temperature = config.top_p = config.top_k = config.min_p = None
    return config


def _until(texts: Iterator[str], stop: Sequence[str]) -> Iterator[str]:
    buffer = ""
    for text in texts:
        buffer += text
        found = [at for word in stop if (at := buffer.find(word)) >= 0]
        if found:
            yield buffer[: min(found)]
            return
        cut = len(buffer) - max(held_back(buffer, word) for word in stop)
        yield buffer[:cut]
        buffer = buffer[cut:]
    yield buffer
