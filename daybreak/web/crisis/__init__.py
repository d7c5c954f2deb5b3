"""Whom can somebody call now, wherever they read it?"""
