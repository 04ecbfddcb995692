--- @include "../search/dead-letter-indexes.lua"
-- Writes dead letters as their lives would have left them (seeding.ts), and puts them into the indexes that the scripts
-- of the ledger keep for dead letters. ARGV: 1 root, then for each order: id, state, reason, dinerId, acceptedAt,
-- settledAt, how many values its record has, these.
local root, at = ARGV[1], 2

local function next_values(count)
  local first = at
  at = at + count
  return unpack(ARGV, first, at - 1)
end

local function next_list()
  return next_values(tonumber((next_values(1))))
end

local counted = {}
while at <= #ARGV do
  local id, state, reason, diner_id, accepted_at, settled_at = next_values(6)
  local record = root .. ':order:' .. id
  if redis.call('EXISTS', record) == 1 then return redis.error_reply('ERR there is an order ' .. id) end
  redis.call('HSET', record, next_list())
  redis.call('ZADD', root .. ':by-time', accepted_at, id)
  redis.call('ZADD', root .. ':by-diner:' .. diner_id, accepted_at, id)
  redis.call('ZADD', root .. ':by-state:' .. state, settled_at, id)
  redis.call('ZADD', root .. ':by-reason:' .. reason, settled_at, id)
  join_dead_letters(root, id, settled_at)
  counted[state] = (counted[state] or 0) + 1
  counted.accepted = (counted.accepted or 0) + 1
end
for _, name in ipairs({ 'accepted', 'queued', 'baking', 'dead', 'held' }) do
  local is_named = counted[name] or name == 'queued' or name == 'baking'
  if is_named then redis.call('HINCRBY', root .. ':counters', name, counted[name] or 0) end
end
return redis.status_reply('OK')
