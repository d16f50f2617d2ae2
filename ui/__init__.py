"""What a person sees: the Gradio chat and the command line, both rendering `agent.events`."""
