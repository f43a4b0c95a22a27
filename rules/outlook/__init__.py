"""What may come: the next step, who may be about to leave, what a day was good for."""
