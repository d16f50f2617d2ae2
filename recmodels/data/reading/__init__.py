"""From a file to `Interactions`: formats, roles of columns, clean events, side tables."""
