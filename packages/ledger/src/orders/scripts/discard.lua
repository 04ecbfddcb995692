--- @include "./parts/move.lua"
--- @include "./parts/audit.lua"
--- @include "../../bulk/bulk-lease.lua"
-- Gives up on an order that is not fulfilled, for a reason. ARGV: 4 by, 5 why, 6 to 8 the bulk task (bulk-lease.lua), which
-- finds dead letters and leaves alone what was replayed meanwhile. An attempt under way stays open: what comes of it
-- is recorded with it, and a receipt is a late one.
-- Returns {'discarded'|'unchanged'|'missing', state}; for a bulk task also {'seen'|'stopped', state}.
local by, why = ARGV[4], ARGV[5]
local state = field('state')
local lease = bulk_lease(6)
if lease.refusal then return { lease.refusal, state } end
if not state then
  lease.count('missing')
  return { 'missing' }
end
if not (is_dead_letter(state) or is_pending(state) and not lease.task) then
  lease.count('unchanged')
  return { 'unchanged', state }
end
redis.call('HSET', order_key, 'discardReason', why)
redis.call('HDEL', order_key, 'dueAt', 'dueMs')
move(state, 'discarded')
lease.count('moved')
lease.remember()
audit('discard', by, why, { task = lease.task })
return { 'discarded', 'discarded' }
