-- Shared by every script. KEYS[1] is the order's record, KEYS[2] its attempts; ARGV[1] is the root of all names
-- (names.ts), ARGV[2] the order's id, ARGV[3] the time in ms since the epoch.
local order_key, attempts_key = KEYS[1], KEYS[2]
local root, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3])

local function index(kind, value)
  return root .. ':by-' .. kind .. ':' .. value
end

local function field(name)
  return redis.call('HGET', order_key, name) or false
end

local function is_pending(state)
  return state == 'queued' or state == 'baking'
end

-- While an order is pending its place in the index is its age; once it rests, the time it came to rest.
local function move(from, to, reason)
  redis.call('ZREM', index('state', from), id)
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
  if reason then
    redis.call('HSET', order_key, 'reason', reason)
    redis.call('ZADD', index('reason', reason), now, id)
  end
  if is_pending(to) then
    redis.call('ZADD', root .. ':by-deadline', field('deadlineAt'), id)
  else
    redis.call('ZREM', root .. ':by-deadline', id)
    redis.call('PUBLISH', root .. ':settled', id)
  end
end

local function read_attempt(n)
  return cjson.decode(redis.call('LINDEX', attempts_key, n - 1))
end

local function write_attempt(attempt)
  redis.call('LSET', attempts_key, attempt.n - 1, cjson.encode(attempt))
end

-- A failure counts against the order only if the same factory has baked another order since this order was last
-- tried there: only then is it the order and not the factory.
local function counts_against(attempt)
  if not attempt.triedBefore then return false end
  local baked = redis.call('HMGET', root .. ':factory:' .. attempt.factory, 'lastFulfilledAt', 'lastFulfilledId')
  return baked[1] and baked[2] ~= id and tonumber(baked[1]) > attempt.triedBefore
end

-- An attempt that was given up and whose answer came after all keeps when that was: the next one followed from it.
local function end_attempt(attempt, told)
  if attempt.endedAt then
    attempt.givenUpAt = attempt.endedAt
    attempt.detail = nil
  end
  for name, value in pairs(told) do attempt[name] = value end
  attempt.endedAt = now
  if told.outcome == 'failed' or told.outcome == 'unknown' then
    if counts_against(attempt) then
      attempt.counted = true
      redis.call('HINCRBY', order_key, 'countedFailures', 1)
    end
  end
  write_attempt(attempt)
  if tonumber(field('openAttempt') or 0) == attempt.n then
    redis.call('HDEL', order_key, 'openAttempt')
  end
end

-- One shape for all entries: audit.ts writes those about factories.
local function audit(action, by, reason)
  redis.call('XADD', root .. ':audit', '*', 'at', now, 'by', by, 'action', action, 'subject', id, 'reason', reason)
end
