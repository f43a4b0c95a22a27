"""The pages about what members have said."""
