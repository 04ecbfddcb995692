--- @include "./parts/attempts.lua"
--- @include "./parts/move.lua"
-- Records that a call is about to be made, before its bytes leave. ARGV: 4 factory, 5 worker, 6 token of this try,
-- 7 how often the order had been edited when the worker read it, or '', 8 for how many ms it is this worker's alone.
-- Returns {'begun', n, factory}, {'settled', state}, {'missing'}, or {'busy', in how many ms it is worth asking again}: another
-- attempt is open, or the order is not due yet. 0: what there is of the order has to be read again.
local factory, worker, token, edits_seen = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

local state = field('state')
if not state then return { 'missing' } end
if not is_pending(state) then return { 'settled', state } end

local open = number('openAttempt')
if open > 0 then
  -- Our own token: the reply to this very call was lost with the connection, and the client sent it again.
  if attempt_field(open, 'token') == token then return { 'begun', open, attempt_field(open, 'factory') } end
  return { 'busy', kept_for(open) }
end

local edits = field('edits')
-- The worker would send what the order said before it was edited.
if edits_seen ~= '' and edits_seen ~= (edits or '0') then return { 'busy', 0 } end

-- The queue's delays go by the clock of the worker that takes a job from it: one that is ahead takes it too early.
local due_at, most = number('dueAt'), number('dueMs')
if due_at > now + most then
  due_at = now + most
  redis.call('HSET', order_key, 'dueAt', due_at)
end
if due_at > now + little_skew_ms then return { 'busy', due_at - now } end

if state == 'queued' then move('queued', 'baking') end
local n = new_attempt({ factory = factory, worker = worker, token = token, startedAt = now })
local tried_before = field('tried:' .. factory)
if tried_before then set_attempt(n, { triedBefore = tried_before }) end
if edits then set_attempt(n, { edits = edits }) end
redis.call('HSET', order_key, 'openAttempt', n, 'tried:' .. factory, now, 'updatedAt', now)
redis.call('HDEL', order_key, 'leaseUntil', 'dueAt', 'dueMs')
extend_lease(tonumber(ARGV[8]))
return { 'begun', n, factory }
