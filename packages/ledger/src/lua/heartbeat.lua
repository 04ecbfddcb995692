-- A worker says that it is alive, and learns which of how many it is. KEYS: 1 workers. ARGV: 1 worker, 2 now, 3 how
-- long a silent one counts, in ms. Returns {how many, which: 0 for the first}.
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3])
local alive = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(alive)
for place, worker in ipairs(alive) do
  if worker == ARGV[1] then return { #alive, place - 1 } end
end
return { #alive, 0 }
