"""The layouts that public datasets come in, one a file: from a file or a table to one event a row."""
