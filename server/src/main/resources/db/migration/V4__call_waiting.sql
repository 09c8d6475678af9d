-- A call may wait on the device its callee talks on, or be held by either of the two.
ALTER TABLE calls ADD COLUMN waiting_on TEXT;
ALTER TABLE calls ADD COLUMN caller_held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN callee_held INTEGER NOT NULL DEFAULT 0;
