"""Telemetry off, for every library that has some; a variable that the person has set stays as it is."""

import os

_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",  # chroma
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",  # no telemetry: it warns at every worker process otherwise
}


def silence_telemetry() -> None:
    """Call before the libraries are imported; they read these variables once."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
