--- @include "../redis/redis-time.lua"
-- A worker says that it is alive, and learns which of how many it is. KEYS: 1 workers. ARGV: 1 worker, 2 how long
-- a silent one counts, in ms. Returns {how many, which: 0 for the first}. It goes by the clock of Redis: a worker whose
-- own clock is ahead must not strike all the others off.
local now = redis_now()
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
-- That clock may have been set back: a living worker beats again within the second.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
local alive = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(alive)
for worker_index, worker in ipairs(alive) do
  if worker == ARGV[1] then return { #alive, worker_index - 1 } end
end
return { #alive, 0 }
