"""The programme in the owner's hands: its sentences, a form for each part, the draft, its past."""
