--- @include "./parts/start-afresh.lua"
--- @include "./parts/replace-request.lua"
--- @include "./parts/audit.lua"
-- Edits a dead or held order and gives it a fresh start, all or nothing. ARGV: 4 its deadline in ms from now, 5 by, 6 why,
-- 7 the request as it was read, 8 the request as it shall be, or '' for no edit, 9 its storeId, 10 when the order had
-- changed last as the editor saw it, or '', 11 what is edited, as text.
-- Returns {'replayed'|'outdated'|'unchanged'|'missing', state}. `outdated`: another change came first.
-- Neither the id nor the diner nor the fingerprint change: the diner's own repeat finds this order still.
local deadline_ms, by, why, before, after = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local state = field('state')
if not state then return { 'missing' } end
if not is_dead_letter(state) then return { 'unchanged', state } end
if field('request') ~= before or (ARGV[10] ~= '' and field('updatedAt') ~= ARGV[10]) then return { 'outdated', state } end
-- In this order: the indexes of dead letters go by what the order says.
start_afresh(state, deadline_ms)
if after ~= '' then
  replace_request(after, ARGV[9], by, why)
  audit('edit', by, why, { result = ARGV[11] })
end
audit('replay', by, why)
return { 'replayed', 'queued' }
