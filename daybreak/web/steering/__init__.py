"""How is a course steered between treatments: does it help, does it last, who judges that and when? Never a dose."""
