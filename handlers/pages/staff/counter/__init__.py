"""The pages at the till: scanning, undoing, slips, today."""
