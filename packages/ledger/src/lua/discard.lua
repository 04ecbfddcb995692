-- Gives up on a dead or held order, for a reason. ARGV: 4 by, 5 why, 6 to 8 the bulk task (bulk-turn.lua).
-- Returns {'discarded'|'unchanged'|'missing', state}; for a bulk task also {'seen'|'stopped', state}.
local by, why = ARGV[4], ARGV[5]
local state = field('state')
local turn = bulk_turn(6)
if turn.refusal then return { turn.refusal, state } end
if not state then
  turn.count('missing')
  return { 'missing' }
end
if state ~= 'dead' and state ~= 'held' then
  turn.count('unchanged')
  return { 'unchanged', state }
end
redis.call('HSET', order_key, 'discardReason', why)
move(state, 'discarded')
turn.count('moved')
turn.remember()
audit('discard', by, why, { task = turn.task })
return { 'discarded', 'discarded' }
