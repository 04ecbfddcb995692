--- @include "./order.lua"
-- When an order was promised, by Redis' clock. The caller says when by its own clock, and what that clock says now: where
-- the clocks differ by more than a little, what counts is how long ago it was. It was not in the future.
local function promised_at(theirs, their_now)
  local at, skew = tonumber(theirs), (tonumber(their_now) or now) - now
  if not at then return now end
  if math.abs(skew) > little_skew_ms then at = at - skew end
  return math.min(at, now)
end

-- Writes down a new order, as queued since it was promised. `new`: {fingerprint, deadline_ms, source, diner, store, request}.
local function take_in(new, accepted_at)
  local deadline_at = accepted_at + new.deadline_ms
  redis.call('HSET', order_key,
    'id', id, 'state', 'queued', 'source', new.source, 'dinerId', new.diner, 'storeId', new.store,
    'fingerprint', new.fingerprint, 'request', new.request,
    'acceptedAt', accepted_at, 'updatedAt', accepted_at, 'deadlineAt', deadline_at)
  redis.call('ZADD', root .. ':by-time', accepted_at, id)
  redis.call('ZADD', index('state', 'queued'), accepted_at, id)
  redis.call('ZADD', root .. ':by-deadline', deadline_at, id)
  redis.call('ZADD', index('diner', new.diner), accepted_at, id)
  redis.call('HINCRBY', root .. ':counters', 'accepted', 1)
  redis.call('HINCRBY', root .. ':counters', 'queued', 1)
end
