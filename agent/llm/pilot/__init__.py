"""The built-in, offline chat model: a trained router picks the tool, rules read its arguments, facts are worded.

chat.py        PilotChat, the LangChain chat model        router.py    message -> tool, with a confidence
arguments.py   message -> arguments of a tool             questions.py asking back, and the answers to it
told.py        tools that words alone tell
train.py       `python -m agent.llm.pilot.train`          plain.py     greetings, the words of the field
"""
