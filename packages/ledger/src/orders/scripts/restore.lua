--- @include "./parts/take-in.lua"
--- @include "./parts/move.lua"
-- Puts back an order that Redis has lost, as it was promised; one that came back in an older state is settled as it was.
-- ARGV: 4 to 11 as of accept.lua, 12.. names and values of how it was settled: state, at, reason, receipt, factory,
-- fulfilledAt, discardReason, presumed; none when nobody knows.
-- `presumed`: nobody knows, and it must not be tried again; that says nothing of an order that is there.
-- Returns 'restored', 'settled' (it was there, and is settled now), 'existing' or 'conflict' (there is another one under its id).
local fingerprint, settlement, restored_at = ARGV[4], {}, now
for i = 12, #ARGV, 2 do settlement[ARGV[i]] = ARGV[i + 1] end

local function settle_as_known()
  now = math.min(tonumber(settlement.at), now)
  if settlement.receipt then
    redis.call('HSET', order_key, 'receipt', settlement.receipt, 'factory', settlement.factory, 'fulfilledAt', settlement.fulfilledAt)
  end
  if settlement.discardReason then redis.call('HSET', order_key, 'discardReason', settlement.discardReason) end
  move(field('state'), settlement.state, settlement.reason)
end

local known = field('fingerprint')
if not known then
  take_in({
    fingerprint = fingerprint, deadline_ms = ARGV[5], source = ARGV[6], diner = ARGV[7], store = ARGV[8], request = ARGV[9],
  }, promised_at(ARGV[10], ARGV[11]))
  redis.call('HSET', order_key, 'restoredAt', restored_at)
  if settlement.state then settle_as_known() end
  return 'restored'
end
if known ~= fingerprint then return 'conflict' end

local state = field('state')
if not settlement.state or settlement.presumed or state == 'fulfilled' or state == 'discarded' or state == settlement.state then
  return 'existing'
end
-- A receipt is true whenever it was given; any other settlement may have been undone by an operator since.
if not settlement.receipt and number('updatedAt') >= tonumber(settlement.at) then return 'existing' end
settle_as_known()
return 'settled'
