--- @include "./parts/move.lua"
-- Makes a dead letter of a pending order whose deadline has passed; one with an attempt under way is judged when that has
-- ended. Returns {'dead_lettered'|'unchanged'|'missing', state}: only one of several callers gets 'dead_lettered'.
local state = field('state')
if not state then return { 'missing' } end
if not is_pending(state) or field('openAttempt') or number('deadlineAt') > now then return { 'unchanged', state } end
move(state, 'dead', 'expired')
return { 'dead_lettered', 'dead' }
