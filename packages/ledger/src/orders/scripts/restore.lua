--- @include "./parts/take-in.lua"
--- @include "./parts/move.lua"
-- Puts back an order that Redis has lost, as it was promised; one that came back in an older state comes to rest as it had.
-- ARGV: 4 to 11 as of accept.lua, 12.. names and values of how it came to rest: state, at, reason, receipt, factory,
-- fulfilledAt, discardReason, presumed; none when nobody knows.
-- `presumed`: nobody knows, and it must not be tried again; that says nothing of an order that is there.
-- Returns 'restored', 'settled' (it was there, and rests now), 'existing' or 'conflict' (there is another one under its id).
local fingerprint, rest, restored_at = ARGV[4], {}, now
for place = 12, #ARGV, 2 do rest[ARGV[place]] = ARGV[place + 1] end

local function come_to_rest()
  now = math.min(tonumber(rest.at), now)
  if rest.receipt then
    redis.call('HSET', order_key, 'receipt', rest.receipt, 'factory', rest.factory, 'fulfilledAt', rest.fulfilledAt)
  end
  if rest.discardReason then redis.call('HSET', order_key, 'discardReason', rest.discardReason) end
  move(field('state'), rest.state, rest.reason)
end

local known = field('fingerprint')
if not known then
  take_in({
    fingerprint = fingerprint, deadline_ms = ARGV[5], source = ARGV[6], diner = ARGV[7], store = ARGV[8], request = ARGV[9],
  }, promised_at(ARGV[10], ARGV[11]))
  redis.call('HSET', order_key, 'restoredAt', restored_at)
  if rest.state then come_to_rest() end
  return 'restored'
end
if known ~= fingerprint then return 'conflict' end

local state = field('state')
if not rest.state or rest.presumed or state == 'fulfilled' or state == 'discarded' or state == rest.state then
  return 'existing'
end
-- A receipt is true whenever it was given; any other rest may have been ended by an operator since.
if not rest.receipt and number('updatedAt') >= tonumber(rest.at) then return 'existing' end
come_to_rest()
return 'settled'
