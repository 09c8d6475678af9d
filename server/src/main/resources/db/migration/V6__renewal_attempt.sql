-- What the client called the renewal that spent the token (its hash): who says the same again did not get the answer.
ALTER TABLE refresh_tokens ADD COLUMN attempt TEXT;
