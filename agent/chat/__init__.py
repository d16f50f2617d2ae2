"""One chat: messages in, events out, kept on disk."""
