"""What the study part of the page shows: each view is a fragment of HTML, made here and given life by the page."""
