"""What every staff page stands on: who is signed in, layout, forms, words."""
