"""For people who look: the review page, the corrections it makes, and the pages served over a folder."""
