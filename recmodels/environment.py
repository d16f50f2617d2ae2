"""Which variables of the environment hold secrets, so that processes that need none get none.

>>> without_secrets({"PATH": "/bin", "OPENAI_API_KEY": "sk-123456", "HTTPS_PROXY": "http://me:hunter22@proxy:80"})
{'PATH': '/bin'}
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

SHORTEST = 6  # characters; what is shorter is a word or a switch, such as `on`
_NAMED = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|AUTH|CREDENTIALS?|_PASS|_PWD)\Z")
_NO_SECRETS = frozenset(
    ("dummy", "ollama", "secret", "lm-studio", "no-key", "not-needed", "password")
)  # in their place
_USER = re.compile(r"://(?P<name>[^\s/?#@:]*):(?P<password>[^\s@]+)@")
_IN_QUERY = re.compile(
    r"[?&;#][^\s=&;#]*(?:key|token|secret|password|passwd|pwd|auth|sig|signature)=(?P<value>[^\s&;#]+)", re.I
)


def secrets_in(name: str, value: str) -> tuple[str, ...]:
    """The secrets that a variable holds: all of it where its name says so, also the password of `user:password`.

    Of a URL, whatever the variable is called: the password and the keys in it, as they are written and as they are
    meant.
    """
    found = [value, value.partition(":")[2]] if _NAMED.search(name.upper()) else []
    if "://" in value:
        found += [match["password"] for match in _USER.finditer(value)]
        found += [match["value"] for match in _IN_QUERY.finditer(value)]
    found += [unquote(one) for one in found]
    return tuple(dict.fromkeys(one for one in found if len(one) >= SHORTEST and one.lower() not in _NO_SECRETS))


def without_secrets(environment: Mapping[str, str], keeps: Callable[[str], bool] = lambda _: False) -> dict[str, str]:
    """The environment for a process that we start.

    Args:
        keeps: Whether the process needs a variable, though it may hold a secret.
    """
    return {name: value for name, value in environment.items() if keeps(name) or not secrets_in(name, value)}


def is_of_the_hub(name: str) -> bool:
    """Whether a variable is for downloads of models: the hub's token, and proxies."""
    return name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") or name.upper().endswith("_PROXY")
