-- Records how an attempt ended; the first verified receipt fulfils the order, whatever else happened to it meanwhile.
-- ARGV: 4 n, 5 what is told of the attempt as JSON, 6 receipt or ''.
-- Returns {verdict, counted failures, 1 if this attempt counts against the order}: 'fulfilled', 'late' (already had a receipt, or was discarded),
-- 'pending' (no receipt yet) or 'superseded' (somebody else ended this attempt or settled the order),
-- or 'missing' (Redis has lost the order).
local n, told, receipt = tonumber(ARGV[4]), cjson.decode(ARGV[5]), ARGV[6]

local state = field('state')
if not state then return { 'missing', 0, 0 } end
local attempt = read_attempt(n)
local was_open = tonumber(field('openAttempt') or 0) == n

local function counted() return tonumber(field('countedFailures') or 0) end

if receipt == '' then
  if was_open then end_attempt(attempt, told) end
  local mine = was_open and is_pending(state)
  return { mine and 'pending' or 'superseded', counted(), mine and attempt.counted and 1 or 0 }
end

if field('receipt') == receipt then return { 'fulfilled', counted(), 0 } end

if state == 'fulfilled' or state == 'discarded' then
  told.late = true
  end_attempt(attempt, told)
  redis.call('HINCRBY', root .. ':counters', 'lateReceipts', 1)
  return { 'late', counted(), 0 }
end

end_attempt(attempt, told)
redis.call('HSET', order_key, 'receipt', receipt, 'factory', attempt.factory, 'fulfilledAt', now)
local factory_key = root .. ':factory:' .. attempt.factory
local took = math.max(0, now - attempt.startedAt)
local average = tonumber(redis.call('HGET', factory_key, 'latencyMs') or '') or took
redis.call('HSET', factory_key, 'lastFulfilledAt', now, 'bakedAt', now, 'bakedId', id,
  'latencyMs', string.format('%.1f', average + 0.1 * (took - average)))
move(state, 'fulfilled')

-- An attempt from before an edit, whose answer comes only now: what was baked is what the order says from now on.
local edits_before = attempt.edits or 0
if edits_before < tonumber(field('edits') or 0) then
  local why = 'a receipt came for the order as it was before it was edited'
  replace_request(redis.call('LINDEX', edits_key, 2 * edits_before + 1), 'proofbox', why)
  audit('edit', 'proofbox', why)
end
return { 'fulfilled', counted(), 0 }
