"""The programme: written as a draft, put into force, taken back."""
