"""The database itself: connections, transactions, statements, locks, migrations."""
