-- Records that a call is about to be made, before its bytes leave. ARGV: 4 factory, 5 worker, 6 token of this try,
-- 7 how often the order had been edited when the worker read it, or ''.
-- Returns {'begun', n}, {'settled', state}, {'busy'} while another attempt is open, or {'missing'}.
local factory, worker, token, edits_seen = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

local state = field('state')
if not state then return { 'missing' } end
if not is_pending(state) then return { 'settled', state } end

local open = tonumber(field('openAttempt') or 0)
if open > 0 then
  -- Our own token: the reply to this very call was lost with the connection, and the client sent it again.
  if field('openToken') == token then return { 'begun', open } end
  return { 'busy' }
end

local edits = field('edits')
-- The worker would send what the order said before somebody edited it.
if edits_seen ~= '' and edits_seen ~= (edits or '0') then return { 'busy' } end

if state == 'queued' then move('queued', 'baking') end
local n = redis.call('LLEN', attempts_key) + 1
local tried_before = tonumber(field('tried:' .. factory) or '')
redis.call('RPUSH', attempts_key,
  cjson.encode({ n = n, factory = factory, worker = worker, startedAt = now, triedBefore = tried_before,
    edits = edits and tonumber(edits) or nil }))
redis.call('HSET', order_key, 'openAttempt', n, 'openToken', token, 'tried:' .. factory, now, 'updatedAt', now)
return { 'begun', n }
