"""Assembly: readings put back by address. Pure functions of the analysis and the readings."""
