-- Gives up on a dead or held order, for a reason. ARGV: 4 by, 5 why. Returns {'discarded'|'unchanged'|'missing', state}.
local by, why = ARGV[4], ARGV[5]
local state = field('state')
if not state then return { 'missing' } end
if state ~= 'dead' and state ~= 'held' then return { 'unchanged', state } end
redis.call('HSET', order_key, 'discardReason', why)
move(state, 'discarded')
audit('discard', by, why)
return { 'discarded', 'discarded' }
