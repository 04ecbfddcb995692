-- Shared by every script of an order, after `settled_channel` (order-scripts.ts). KEYS[1] is the order's record; ARGV[1] is
-- the root of all names (names.ts), ARGV[2] the order's id, ARGV[3] the time in ms since the epoch, where a test sets it:
-- else it is Redis' own.
local order_key = KEYS[1]
local root, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3]) or redis_now()

local function index(kind, value)
  return root .. ':by-' .. kind .. ':' .. value
end

local function field(name)
  return redis.call('HGET', order_key, name) or false
end

local function number(name)
  return tonumber(field(name) or '') or 0
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
local function start_afresh(state, deadline_ms)
  redis.call('HSET', order_key, 'deadlineAt', now + deadline_ms, 'countedFailures', 0, 'replayedAt', now)
  redis.call('HINCRBY', order_key, 'replays', 1)
  redis.call('HDEL', order_key, 'dueAt', 'dueMs')
  move(state, 'queued')
end

-- Another body in place of the one there is, which is kept: five values of a list, which are when, who did it, why, and
-- the store and the request as they were. Attempts know how many edits lie before them.
local edits_key, values_of_edit = root .. ':edits:' .. id, 5
local function replace_request(request, store, by, why)
  redis.call('RPUSH', edits_key, now, by, why, field('storeId') or '', field('request'))
  redis.call('HSET', order_key, 'request', request, 'storeId', store)
  redis.call('HINCRBY', order_key, 'edits', 1)
end

-- When an order was promised, by Redis' clock. The caller says when by its own clock, and what that clock says now: where
-- the clocks differ by more than a little, what counts is how long ago it was. It was not in the future.
local little_skew_ms = 2000
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

-- What a person did to this order; `more`: {result, task}.
local function audit(action, by, why, more)
  more = more or {}
  add_audit_entry(root, {
    at = now, by = by, action = action, subject = id, why = why, result = more.result, task = more.task,
  })
end
