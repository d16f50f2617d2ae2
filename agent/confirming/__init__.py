"""Confirmation: is what a study found better than the defaults and a simple baseline? Test is read here, once.

choice.py     who takes part, and who wins              scores.py   means over seeds, intervals, differences
readings.py   how often a test part was read, for ever  opening.py  from a study's name to its confirmation
reuse.py      runs of earlier confirmations taken over  hold.py     one confirmation of a study at a time
commands.py   the lines that repeat it
confirmer.py  runs what is missing, one run after the other; it goes on where it was cut off
job.py        the same in the background
"""
