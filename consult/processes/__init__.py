"""The percorso: phases, activities, timetable, blackout windows."""
