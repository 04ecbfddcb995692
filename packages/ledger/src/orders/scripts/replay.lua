--- @include "./parts/start-afresh.lua"
--- @include "./parts/audit.lua"
--- @include "../../bulk/bulk-turn.lua"
-- Gives a dead or held order a fresh start. ARGV: 4 its deadline in ms from now, 5 by, 6 why, 7 to 9 the bulk task
-- (bulk-turn.lua). Returns {'replayed'|'unchanged'|'missing', state}; for a bulk task also {'seen'|'stopped', state}.
local deadline_ms, by, why = ARGV[4], ARGV[5], ARGV[6]
local state = field('state')
local turn = bulk_turn(7)
if turn.refusal then return { turn.refusal, state } end
if not state then
  turn.count('missing')
  return { 'missing' }
end
if not is_dead_letter(state) then
  turn.count('unchanged')
  return { 'unchanged', state }
end
start_afresh(state, deadline_ms)
turn.count('moved')
turn.remember()
audit('replay', by, why, { task = turn.task })
return { 'replayed', 'queued' }
