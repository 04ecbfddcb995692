--- @include "./index-defects.lua"
-- Puts an order into exactly the sorted sets that its record says. KEYS: 1 its record. ARGV: 1 root, 2 id, 3.. names
-- (index-defects.lua). Returns the kind of each index that was wrong.
local kinds, is_moved = {}, false
for _, defect in ipairs((defects_of(ARGV[1], ARGV[2], names_from(3)))) do
  local kind, key, score = unpack(defect)
  if not key then
    is_moved = true
  elseif score then
    redis.call('ZADD', key, score, ARGV[2])
  else
    redis.call('ZREM', key, ARGV[2])
  end
  kinds[#kinds + 1] = kind
end
if is_moved then
  local state, updated_at = unpack(redis.call('HMGET', KEYS[1], 'state', 'updatedAt'))
  leave_dead_letters(ARGV[1], ARGV[2])
  if state == 'dead' or state == 'held' then join_dead_letters(ARGV[1], ARGV[2], updated_at) end
end
return kinds
