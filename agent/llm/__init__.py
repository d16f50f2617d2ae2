"""The language models that can steer the chat and the studies; `loading.load_chat_model` makes the one that is set.

All are LangChain chat models with `bind_tools`, `stream` and `with_structured_output(json_schema)`, and take `timeout`
(seconds for the whole answer) per call. What they raise is drawn in `errors`.
"""
