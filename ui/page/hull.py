"""The page within Gradio: one component of our own, which our script fills; Gradio serves it and takes its files."""

from importlib.resources import files

import gradio as gr

from ui.door.incoming import UNSENT_S

ASSETS = files("ui") / "assets"
FOLDER = "/recpilot"  # of our own scripts and the stylesheet
_MOUNT = f'import("{FOLDER}/main.js").then((page) => page.mount(element));'


def hull() -> gr.Blocks:
    """The page as Gradio draws it."""
    with gr.Blocks(
        title="recpilot", analytics_enabled=False, fill_width=True, delete_cache=(UNSENT_S, UNSENT_S)
    ) as page:
        gr.HTML(
            '<div id="recpilot" class="opening">Opening …</div>',
            elem_id="hull",
            container=False,
            padding=False,
            apply_default_css=False,
            js_on_load=_MOUNT,
        )
    return page  # type: ignore[no-any-return]


def theme() -> gr.themes.Base:
    """System fonts, so that the page loads nothing from outside."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


def head() -> str:
    """The stylesheet, and the script before anything asks for it."""
    scripts = sorted(one.name for one in (ASSETS / "page").iterdir())
    links = [f'<link rel="stylesheet" href="{FOLDER}/style.css">']
    links += [f'<link rel="modulepreload" href="{FOLDER}/{name}">' for name in scripts]
    return "".join(links)
