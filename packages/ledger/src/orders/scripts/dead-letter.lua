--- @include "./parts/move.lua"
-- Takes a pending order out of circulation. ARGV: 4 'dead' or 'held', 5 reason.
-- Returns {'dead_lettered'|'unchanged'|'missing', state}: only one of several callers gets 'dead_lettered'.
local to, reason = ARGV[4], ARGV[5]
local state = field('state')
if not state then return { 'missing' } end
if not is_pending(state) or field('openAttempt') then return { 'unchanged', state } end
move(state, to, reason)
return { 'dead_lettered', to }
