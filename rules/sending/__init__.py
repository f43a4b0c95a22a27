"""Whether, when and how many messages may go out."""
