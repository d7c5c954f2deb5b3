"""What happens after a treatment: does it work, does it last, who looks again and when? Never a dose."""
