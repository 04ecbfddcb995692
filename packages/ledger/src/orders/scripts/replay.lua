--- @include "./parts/start-afresh.lua"
--- @include "./parts/audit.lua"
--- @include "../../bulk/bulk-lease.lua"
-- Gives a dead or held order a fresh start. ARGV: 4 its deadline in ms from now, 5 by, 6 why, 7 to 9 the bulk task
-- (bulk-lease.lua). Returns {'replayed'|'unchanged'|'missing', state}; for a bulk task also {'seen'|'stopped', state}.
local deadline_ms, by, why = ARGV[4], ARGV[5], ARGV[6]
local state = field('state')
local lease = bulk_lease(7)
if lease.refusal then return { lease.refusal, state } end
if not state then
  lease.count('missing')
  return { 'missing' }
end
if not is_dead_letter(state) then
  lease.count('unchanged')
  return { 'unchanged', state }
end
start_afresh(state, deadline_ms)
lease.count('moved')
lease.remember()
audit('replay', by, why, { task = lease.task })
return { 'replayed', 'queued' }
