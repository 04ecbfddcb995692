-- Edits a dead or held order and gives it a fresh start, all or nothing. ARGV: 4 new deadlineAt, 5 by, 6 why,
-- 7 the request as it was read, 8 the request as it shall be, or '' for no edit, 9 when the order had changed last as the editor saw it,
-- or '', 10 what is edited, in words.
-- Returns {'replayed'|'outdated'|'unchanged'|'missing', state}. `outdated`: somebody was faster.
-- Neither the id nor the diner nor the fingerprint change: the diner's own repeat finds this order still.
local deadline_at, by, why, before, after = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local state = field('state')
if not state then return { 'missing' } end
if state ~= 'dead' and state ~= 'held' then return { 'unchanged', state } end
if field('request') ~= before or (ARGV[9] ~= '' and field('updatedAt') ~= ARGV[9]) then return { 'outdated', state } end
-- In this order: the indexes of dead letters go by what the order says.
start_afresh(state, deadline_at)
if after ~= '' then
  replace_request(after, by, why)
  audit('edit', by, why, { result = ARGV[10] })
end
audit('replay', by, why)
return { 'replayed', 'queued' }
