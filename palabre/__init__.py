"""Palabre: the self-hosted suite of the community manager."""

__version__ = "0.1.0"
