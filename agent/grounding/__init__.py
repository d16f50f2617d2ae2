"""What an answer may say: only what stands in the evidence."""
