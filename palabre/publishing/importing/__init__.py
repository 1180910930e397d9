"""Bulk import: a file of contents, read, judged and saved, or taken back."""
