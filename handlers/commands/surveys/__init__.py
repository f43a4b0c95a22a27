"""The commands about what members are asked, and what they do."""
