"""Serves: the Django project that stores, authorises, audits and shows. It decides nothing clinical itself."""
