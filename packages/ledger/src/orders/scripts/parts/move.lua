--- @include "./order.lua"
--- @include "../../../search/dead-letter-indexes.lua"
-- Has an order change its state, with every index and counter. `settled_channel` comes from order-scripts.ts.
-- While an order is pending its score in the index is its age; once settled, the time of that.
local function move(from, to, reason)
  redis.call('ZREM', index('state', from), id)
  if is_dead_letter(from) then leave_dead_letters(root, id) end
  redis.call('HINCRBY', root .. ':counters', from, -1)
  local old_reason = field('reason')
  if old_reason then
    redis.call('ZREM', index('reason', old_reason), id)
    redis.call('HDEL', order_key, 'reason')
  end
  local score = is_pending(to) and field('acceptedAt') or now
  redis.call('ZADD', index('state', to), score, id)
  redis.call('HINCRBY', root .. ':counters', to, 1)
  redis.call('HSET', order_key, 'state', to, 'updatedAt', now)
  if is_dead_letter(to) then join_dead_letters(root, id, now) end
  if reason then
    redis.call('HSET', order_key, 'reason', reason)
    redis.call('ZADD', index('reason', reason), now, id)
  end
  if is_pending(to) then
    redis.call('ZADD', root .. ':by-deadline', field('deadlineAt'), id)
  else
    redis.call('ZREM', root .. ':by-deadline', id)
    -- It only wakes: where it is not allowed, the change happens all the same, and whole.
    redis.pcall('PUBLISH', settled_channel, id)
  end
end
