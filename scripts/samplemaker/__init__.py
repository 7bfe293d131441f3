"""Maker of sample scans of Chinese government reports, each with its exact truth."""
