"""The conversation and the studies it steers."""
