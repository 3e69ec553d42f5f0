"""The reader's page: a small server of static files and of answers from the alias `news`, and the page itself."""
