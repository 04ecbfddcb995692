-- Shared by every script, after `settled_channel` (order-scripts.ts). KEYS[1] is the order's record, KEYS[2] its attempts; ARGV[1] is the root of all names
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

local function is_dead_letter(state)
  return state == 'dead' or state == 'held'
end

-- While an order is pending its place in the index is its age; once it rests, the time it came to rest.
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

-- A new deadline, and nothing counted against it.
local function start_afresh(state, deadline_at)
  redis.call('HSET', order_key, 'deadlineAt', deadline_at, 'countedFailures', 0, 'replayedAt', now)
  redis.call('HINCRBY', order_key, 'replays', 1)
  move(state, 'queued')
end

-- Another body in place of the one there is, which is kept: two values of a list, who did it when and why, and the
-- request as it was. Attempts know how many edits lie before them.
local edits_key = root .. ':edits:' .. id
local function replace_request(request, by, why)
  redis.call('RPUSH', edits_key, cjson.encode({ at = now, by = by, why = why }), field('request'))
  redis.call('HSET', order_key, 'request', request)
  redis.call('HINCRBY', order_key, 'edits', 1)
end

-- Writes down a new order, as queued since `now`.
local function take_in(fingerprint, deadline_at, source, diner_id, request)
  redis.call('HSET', order_key,
    'id', id, 'state', 'queued', 'source', source, 'dinerId', diner_id, 'fingerprint', fingerprint,
    'request', request, 'acceptedAt', now, 'updatedAt', now, 'deadlineAt', deadline_at)
  redis.call('ZADD', root .. ':by-time', now, id)
  redis.call('ZADD', index('state', 'queued'), now, id)
  redis.call('ZADD', root .. ':by-deadline', deadline_at, id)
  redis.call('ZADD', index('diner', diner_id), now, id)
  redis.call('HINCRBY', root .. ':counters', 'accepted', 1)
  redis.call('HINCRBY', root .. ':counters', 'queued', 1)
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
  if told.outcome == 'failed' or told.outcome == 'unknown' or told.outcome == 'receipt_mismatch' then
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

-- What a person did to this order; `more`: {result, task}.
local function audit(action, by, why, more)
  more = more or {}
  add_audit_entry(root, {
    at = now, by = by, action = action, subject = id, why = why, result = more.result, task = more.task,
  })
end
