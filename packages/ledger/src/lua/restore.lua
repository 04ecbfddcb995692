-- Puts back an order that Redis has lost, as it was promised; one that came back in an older state comes to rest as it had.
-- ARGV: 3 when it was promised, 4 fingerprint, 5 deadlineAt, 6 source, 7 dinerId, 8 request, 9 how it came to rest as JSON
-- {state, at, reason, receipt, factory, fulfilledAt, discardReason, presumed}, or '' when nobody knows, 10 now.
-- `presumed`: nobody knows, and it must not be tried again; that says nothing of an order that is there.
-- Returns 'restored', 'settled' (it was there, and rests now), 'existing' or 'conflict' (there is another one under its id).
local fingerprint, deadline_at, source, diner_id, request = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local rest = ARGV[9] ~= '' and cjson.decode(ARGV[9])

local function come_to_rest()
  now = rest.at
  if rest.receipt then
    redis.call('HSET', order_key, 'receipt', rest.receipt, 'factory', rest.factory, 'fulfilledAt', rest.fulfilledAt)
  end
  if rest.discardReason then redis.call('HSET', order_key, 'discardReason', rest.discardReason) end
  move(field('state'), rest.state, rest.reason)
end

local known = field('fingerprint')
if not known then
  take_in(fingerprint, deadline_at, source, diner_id, request)
  redis.call('HSET', order_key, 'restoredAt', ARGV[10])
  if rest then come_to_rest() end
  return 'restored'
end
if known ~= fingerprint then return 'conflict' end

local state = field('state')
if not rest or rest.presumed or state == 'fulfilled' or state == 'discarded' or state == rest.state then
  return 'existing'
end
-- A receipt is true whenever it was given; any other rest may have been ended by an operator since.
if not rest.receipt and tonumber(field('updatedAt')) >= rest.at then return 'existing' end
come_to_rest()
return 'settled'
