"""Read files of waters into the register; the door is ``run.import_hazards``."""
