"""Language-model servers on this machine, looked for where they usually listen; nothing is sent but the question.

recpilot's page offers what is found, so that nobody has to type an address there.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

PORTS: Mapping[int, str] = {11434: "Ollama", 8000: "vLLM", 8080: "llama.cpp", 1234: "LM Studio"}
LOOK_S = 1.0
MOST_MODELS = 50  # of one server
LONGEST_NAME = 100


def nearby_models(ports: Iterable[int] = tuple(PORTS)) -> list[str]:
    """Each model as `--llm` and `--llm-model` would name it: `http://127.0.0.1:11434/v1 qwen3`."""
    with ThreadPoolExecutor(len(PORTS)) as pool:
        return [found for models in pool.map(_models_at, ports) for found in models]


def _models_at(port: int) -> list[str]:
    import httpx

    url = f"http://127.0.0.1:{port}/v1"
    try:
        with httpx.Client(timeout=LOOK_S, trust_env=False) as client:
            listed = client.get(f"{url}/models").raise_for_status().json()["data"]
            names = [entry["id"] for entry in listed[:MOST_MODELS]]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):  # nothing there, or something else
        return []
    return [f"{url} {name}" for name in names if isinstance(name, str) and _is_name(name)]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isascii() and name.isprintable() and " " not in name
