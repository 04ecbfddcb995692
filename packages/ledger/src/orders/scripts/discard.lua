--- @include "./parts/move.lua"
--- @include "./parts/audit.lua"
--- @include "../../bulk/bulk-turn.lua"
-- Gives up on an order that is not fulfilled, for a reason. ARGV: 4 by, 5 why, 6 to 8 the bulk task (bulk-turn.lua), which
-- finds dead letters and leaves alone what somebody has replayed meanwhile. An attempt under way stays open: what comes of it
-- is told of it, and a receipt is a late one.
-- Returns {'discarded'|'unchanged'|'missing', state}; for a bulk task also {'seen'|'stopped', state}.
local by, why = ARGV[4], ARGV[5]
local state = field('state')
local turn = bulk_turn(6)
if turn.refusal then return { turn.refusal, state } end
if not state then
  turn.count('missing')
  return { 'missing' }
end
if not (is_dead_letter(state) or is_pending(state) and not turn.task) then
  turn.count('unchanged')
  return { 'unchanged', state }
end
redis.call('HSET', order_key, 'discardReason', why)
redis.call('HDEL', order_key, 'dueAt', 'dueMs')
move(state, 'discarded')
turn.count('moved')
turn.remember()
audit('discard', by, why, { task = turn.task })
return { 'discarded', 'discarded' }
