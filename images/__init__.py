"""Pictures: from plain views and finished strings to bytes, with Pillow, our font and QR codes."""
