-- What Kayoi else asks for at the start of each connection, which a PgBouncer doesn't pass on: who can't have a lock after
-- ten seconds hears so, and is not waited for; and no statement is compiled, which takes longer than any of ours runs.
ALTER ROLE kayoi SET lock_timeout = '10s';
ALTER ROLE kayoi SET jit = off;
