--- @include "../redis/redis-time.lua"
-- Renews the lease of a bulk task, reports progress, and returns whether to go on. KEYS: 1 the task, 2 its lease.
-- ARGV: 1 who holds it, 2 for how long in ms, 0 to give it back, 3 now, or '' for Redis' own clock, 4 orders a second of late, 5 trouble or ''.
-- Returns the state of the task, or false when another process may have it.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return false end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
redis.call('HSET', KEYS[1], 'ratePerSecond', ARGV[4], 'rateAt', tonumber(ARGV[3]) or redis_now())
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'trouble')
else
  redis.call('HSET', KEYS[1], 'trouble', ARGV[5])
end
return redis.call('HGET', KEYS[1], 'state')
