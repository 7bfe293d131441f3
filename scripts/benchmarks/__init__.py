"""The benchmark against the peers: pages, environments, workers, scoring, tables."""
