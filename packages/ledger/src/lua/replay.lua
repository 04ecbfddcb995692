-- Gives a dead or held order a fresh start. ARGV: 4 new deadlineAt, 5 by, 6 why. Returns {'replayed'|'unchanged'|'missing', state}.
local deadline_at, by, why = ARGV[4], ARGV[5], ARGV[6]
local state = field('state')
if not state then return { 'missing' } end
if state ~= 'dead' and state ~= 'held' then return { 'unchanged', state } end
redis.call('HSET', order_key, 'deadlineAt', deadline_at, 'countedFailures', 0, 'replayedAt', now)
redis.call('HINCRBY', order_key, 'replays', 1)
move(state, 'queued')
audit('replay', by, why)
return { 'replayed', 'queued' }
