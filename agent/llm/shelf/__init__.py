"""Language models brought onto this machine and kept by name.

`adding.add_model` takes a package, a GGUF file, a folder or a hub id. What is kept, and how it is found again, stands
in `recmodels.pretrained.shelf`.
"""
