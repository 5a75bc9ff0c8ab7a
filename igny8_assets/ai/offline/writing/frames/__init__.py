"""The sentences that drafts are built from; slots in braces take the words of a keyword."""
