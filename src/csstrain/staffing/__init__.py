"""Staffing: who is needed for what an agenda holds, and who practices with whom."""
