"""The figures of a study, drawn once for the page, the report and the terminal."""
