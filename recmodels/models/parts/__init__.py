"""What several models are made of: families (sequence, predicting), layers, losses, negatives, sparse products."""
