--- @include "./parts/attempts.lua"
--- @include "./parts/move.lua"
--- @include "./parts/replace-request.lua"
--- @include "./parts/audit.lua"
-- Records how an attempt ended; the first verified receipt fulfils the order, whatever else happened to it meanwhile.
-- ARGV: 4 n, 5 token and 6 factory of the attempt, 7 receipt or '', 8.. names and values of what is known of it.
-- Returns {status, counted failures, 1 if this attempt counts against the order}: 'fulfilled', 'late' (already had a receipt, or was discarded),
-- 'pending' (no receipt yet) or 'superseded' (another worker ended this attempt or settled the order),
-- or 'missing' (Redis has lost the order).
local n, token, factory, receipt = tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local ended = { reported = '1' }
for i = 8, #ARGV, 2 do ended[ARGV[i]] = ARGV[i + 1] end

local state = field('state')
if not state then return { 'missing', 0, 0 } end

local function reply(status)
  return { status, number('countedFailures'), attempt_field(n, 'counted') and 1 or 0 }
end

-- Redis came back without this attempt: what was baked in it is true all the same.
if attempt_field(n, 'token') ~= token then
  if receipt == '' then return reply('superseded') end
  if field('receipt') == receipt then return reply('fulfilled') end
  n = new_attempt({ factory = factory, worker = 'unknown', token = token, startedAt = now })
end
factory = attempt_field(n, 'factory')
-- The reply to this very call was lost with the connection, and the client sent it again.
local is_repeat = attempt_field(n, 'reported')
local was_open = number('openAttempt') == n

if receipt == '' then
  if not is_repeat then end_attempt(n, ended) end
  local is_last = number('attempts') == n and not attempt_field(n, 'givenUpAt')
  return reply(is_pending(state) and (was_open or is_repeat and is_last) and 'pending' or 'superseded')
end

if field('receipt') == receipt then return reply('fulfilled') end

if state == 'fulfilled' or state == 'discarded' then
  if not attempt_field(n, 'late') then
    ended.late = '1'
    end_attempt(n, ended)
    redis.call('HINCRBY', root .. ':counters', 'lateReceipts', 1)
  end
  return reply('late')
end

end_attempt(n, ended)
redis.call('HSET', order_key, 'receipt', receipt, 'factory', factory, 'fulfilledAt', now)
local factory_key = root .. ':factory:' .. factory
local took = math.max(0, now - tonumber(attempt_field(n, 'startedAt')))
local average = tonumber(redis.call('HGET', factory_key, 'latencyMs') or '') or took
redis.call('HSET', factory_key, 'lastFulfilledAt', now, 'bakedAt', now, 'bakedId', id,
  'latencyMs', string.format('%.1f', average + 0.1 * (took - average)))
move(state, 'fulfilled')

-- An attempt from before an edit, whose answer comes only now: what was baked is what the order says from now on.
local edits_before = tonumber(attempt_field(n, 'edits') or '') or 0
if edits_before < number('edits') then
  local why = 'a receipt came for the order as it was before it was edited'
  local first = values_of_edit * edits_before
  local store, request = unpack(redis.call('LRANGE', edits_key, first + 3, first + 4))
  replace_request(request, store, 'proofbox', why)
  audit('edit', 'proofbox', why)
end
return reply('fulfilled')
