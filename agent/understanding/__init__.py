"""What a message asks for: acts with their mood and arguments, read with the state of the dialogue, checked both ways."""
