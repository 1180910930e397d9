"""Tests that talk to real servers of others, on loopback."""
