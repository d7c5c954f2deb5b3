"""What must a knowledge file look like? One module for each section; `common` for what they share."""
