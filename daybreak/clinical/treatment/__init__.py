"""How does one treatment go: doses, watch, alarms, stock, going home?"""
