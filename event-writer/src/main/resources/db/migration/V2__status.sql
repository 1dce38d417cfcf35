-- What became of a record is asked by the id of its event; the newest first.
CREATE INDEX dead_letters_by_subject ON dead_letters (subject_id, id) WHERE subject_id IS NOT NULL;
