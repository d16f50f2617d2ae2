"""Copies of a home folder's databases: made at a start now and then, listed, and put in the place of their file.

back_up(home / "studies.db", home / "backups")                      # studies-20260301T093012Z.db
put_back(backups(home / "backups")[0], home / "studies.db")         # what was there: studies.db.replaced-1
replaced(home / "studies.db")                                       # lists that among what can be put back
"""
