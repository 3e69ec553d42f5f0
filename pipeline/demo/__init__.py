"""`newswire demo`: articles of our own through the whole pipeline on this machine, and searches that show it."""
