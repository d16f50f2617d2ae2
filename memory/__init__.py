"""What past trials taught: records in a Chroma vector store; knows nothing of the agent or the recommenders."""
