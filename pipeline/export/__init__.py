"""Taking coverage out: every article that a search finds, into a file (`newswire export`)."""
