"""What can be said, which keys do what, where things lie, and how to take results away."""

from markupsafe import Markup

from ui.markup import template
from ui.views.asked import Asked
from ui.views.suggestions import suggestions

SAID: dict[str, tuple[str, ...]] = {
    "Begin a study": (
        "tune sasrec on the demo data, 6 trials",
        "tune ease and item_knn on demo for 20 minutes",
        "tune item_knn on demo, 6 trials, ratings of 3 and more count as likes",
    ),
    "Ask why": (
        "why trial 2?",
        "which param matters most?",
        "compare trial 1 and trial 2",
        "show the trade-off between ndcg and coverage",
    ),
    "Steer": (
        "pause the study",
        "run 4 more trials",
        "keep dropout below 0.3 from now on",
        "what if dropout were 0.1?",
        "repeat trial 2 with another seed",
    ),
    "Data": (
        "describe the dataset demo",
        "show me the first rows of demo",
        "drop users with fewer than 5 rows from demo",
    ),
    "Memory": (
        "remember that dropout above 0.5 never helped on demo",
        "what did we learn so far?",
        "what do you know about learning_rate?",
    ),
    "Use the result": (
        "recommend 5 items for user 355",
        "confirm the best trial",
        "export the weights of the best trial",
        "write a report",
    ),
}
KEYS = (
    ("Enter", "send the message"),
    ("Shift + Enter", "a new line"),
    ("Arrow up", "the last message again, in an empty message box"),
    ("Escape", "stop the answer, or close what is open"),
    ("Ctrl + K", "search the chats"),
    ("Ctrl + Shift + O", "a new chat"),
    ("/", "to the message box"),
    ("?", "this page"),
)


def view(asked: Asked) -> Markup:
    """The help, with what can be said now first."""
    settings = asked.workspace.settings
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/help.html.j2").render(
            now=suggestions(asked.workspace, asked.study, asked.person),
            said=SAID,
            keys=KEYS,
            places={
                "Datasets": settings.datasets,
                "Trained weights": settings.checkpoints,
                "Reports": settings.reports,
                "Exported models": settings.home / "exports",
                "Chats": settings.chats,
                "Files dropped into chats": settings.uploads,
                "Backups": settings.backups,
            },
        )
    )
