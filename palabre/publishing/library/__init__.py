"""The library: what a file is, where it lies, and how it is made to fit."""
