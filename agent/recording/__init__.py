"""A recording: each prompt, reply, sentence that was cut and tool call, kept as JSON lines in a folder of its own.

A file for each process, appended to as it goes and readable by its owner alone:

    recording   the first line: the format, the version, the language model
    part        a value that other lines name by its digest, `{"part": digest}`, so that each is kept once
    turn        a message of the person, with the chat before it       ┐
    known       what was known when the message was read               │
    asked       a question about it that was asked later               │ `of` names the turn,
    prompt      what a language model was shown                        │ or the decision,
    reply       what it answered, or how it failed                     │ that it belongs to
    checked     what was cut from an answer or marked, and why         │
    refused     a call that was not made, and why                      │
    tool        a call that was made, with its result                  │
    answer      the end of a turn: the answer, and what the chat keeps │
    decided     the end of a decision: what was known, what was chosen ┘
"""
