"""Web pages: for members, for staff and the owner, and for the machines that watch over us."""
