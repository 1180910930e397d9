"""The agency's pages, a module for each thing they are about."""
