"""Statistical tables, budgets, lists and questionnaires of offices: other forms than the disclosure report's."""
