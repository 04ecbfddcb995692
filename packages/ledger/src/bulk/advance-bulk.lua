-- A batch of a bulk task is done: the next one begins at the cursor. KEYS: 1 the task, 2 its lease, 3 what the batch has
-- seen. ARGV: 1 who holds the lease, 2 batch, 3 cursor. Returns 1, or 0 when the caller no longer has the lease.
if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('HGET', KEYS[1], 'batch') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'cursor', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'batch', 1)
redis.call('DEL', KEYS[3])
return 1
