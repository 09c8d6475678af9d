-- What the device that took the call says it is ("Firefox on Linux"): its user's other devices are told, after a restart too.
ALTER TABLE calls ADD COLUMN callee_label TEXT;
