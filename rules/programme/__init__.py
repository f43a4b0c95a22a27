"""The programme: the models of its file, one for each section, and its versions in time."""
