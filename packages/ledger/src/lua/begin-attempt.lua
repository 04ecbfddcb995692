-- Records that a call is about to be made, before its bytes leave. ARGV: 4 factory, 5 worker, 6 token of this try.
-- Returns {'begun', n}, {'settled', state}, {'busy'} while another attempt is open, or {'missing'}.
local factory, worker, token = ARGV[4], ARGV[5], ARGV[6]

local state = field('state')
if not state then return { 'missing' } end
if not is_pending(state) then return { 'settled', state } end

local open = tonumber(field('openAttempt') or 0)
if open > 0 then
  -- Our own token: the reply to this very call was lost with the connection, and the client sent it again.
  if field('openToken') == token then return { 'begun', open } end
  return { 'busy' }
end

if state == 'queued' then move('queued', 'baking') end
local n = redis.call('LLEN', attempts_key) + 1
local tried_before = tonumber(field('tried:' .. factory) or '')
redis.call('RPUSH', attempts_key,
  cjson.encode({ n = n, factory = factory, worker = worker, startedAt = now, triedBefore = tried_before }))
redis.call('HSET', order_key, 'openAttempt', n, 'openToken', token, 'tried:' .. factory, now, 'updatedAt', now)
return { 'begun', n }
