"""The page in the browser: its hull within Gradio, what it asks of the server, and the stream that it listens to."""
