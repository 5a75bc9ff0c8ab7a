"""The instructions of the functions that are answered in text, one Markdown file each."""
