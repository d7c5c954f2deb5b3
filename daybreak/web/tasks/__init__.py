"""What has somebody to do, who is it, and by when? Nothing closes by itself."""
