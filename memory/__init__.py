"""What past trials taught: records in a Chroma vector store; knows nothing of the agent or the recommenders.

record.py      TrialRecord, DatasetRecord, Lesson: what is remembered
content.py     a lesson as data: conditions on params, what was measured, on what kind of dataset
summary.py     a record as the sentence that is embedded
embedding.py   the contract of an embedder, and one by hashing for tests
likeness.py    how alike two datasets are, from their profiles
store.py       TrialMemory: remember, recall, forget, rebuild, export, import
search.py      which records fit a question best
shelves.py     reading and dropping in all collections of a generation
documents.py   records as Chroma's documents and metadata, and back
chroma.py      collections in generations, so that a rebuild is one step
links.py       a folder shared by processes, or a server
listings.py    what was listed of a dataset, kept until it is written
packing.py     records as short texts
exchange.py    JSON-lines files
strangers.py   what the records of another must keep to

The memory can be lost: the ledger has every trial, and `TrialMemory.rebuild` writes it anew.
"""
