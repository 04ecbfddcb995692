-- Pauses or resumes the drain. KEYS: 1 the switch. ARGV: 1 '1' to pause and '0' to resume, 2 who, 3 when, 4 why,
-- 5 channel. Returns {1 when that changed anything, the switch as it is then}. What stands there and cannot be read is
-- written over.
local key = KEYS[1]
if redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end
local known = redis.call('HGET', key, 'isPaused') or '0'
if known == ARGV[1] then return { 0, redis.call('HGETALL', key) } end
redis.call('DEL', key)
redis.call('HSET', key, 'isPaused', ARGV[1], 'by', ARGV[2], 'at', ARGV[3], 'why', ARGV[4])
redis.call('PUBLISH', ARGV[5], ARGV[1])
return { 1, redis.call('HGETALL', key) }
