"""Where a person who has the page finds what a sentence names as an option of the command line."""

_PLACES = {
    "use the built-in pilot with `--llm pilot`": "choose the built-in pilot in Settings",
    "choose another with `--llm`": "choose another in Settings",
    "Start again with `--llm pilot` for the built-in one": "Choose the built-in one in Settings",
    "There is no language model to talk to (`--llm none`)": "There is no language model to talk to",
    "start again with `--llm` for another": "only who starts recpilot can choose another",
    "with `--llm-model`": "in Settings",
}


def on_page(sentences: str) -> str:
    """The same, for the page.

    >>> on_page("name the model with `--llm-model`")
    'name the model in Settings'
    """
    for option, place in _PLACES.items():
        sentences = sentences.replace(option, place)
    return sentences
