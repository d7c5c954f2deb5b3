"""The devices at the bedside: what they send is stored before it is acknowledged, and judged where a person said whose it is."""
