--- @include "../audit-log/audit-entry.lua"
-- Pauses, resumes, aborts or ends a bulk task. KEYS: 1 the task, 2 the open tasks, 3 the ended ones, 4 its lease,
-- 5 what its batch has seen. ARGV: 1 root, 2 now, 3 id, 4 what is done, as the audit log names it, 5 the state it has then,
-- 6 the states from which, with commas around each, 7 by, 8 why, 9 who must hold the lease, or '', 10 how many ended
-- tasks are kept, 11 for how long in ms. Returns {'changed'|'unchanged', state it was in}, or {'missing'}.
local root, now, id, action, to = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local from = redis.call('HGET', KEYS[1], 'state')
if not from then return { 'missing' } end
if not string.find(ARGV[6], ',' .. from .. ',', 1, true) then return { 'unchanged', from } end
if ARGV[9] ~= '' and redis.call('GET', KEYS[4]) ~= ARGV[9] then return { 'unchanged', from } end

local function number(name) return tonumber(redis.call('HGET', KEYS[1], name) or 0) or 0 end

-- How far it came. What it should have found and did not, others moved before.
local function so_far(has_ended)
  local is_replay = redis.call('HGET', KEYS[1], 'action') == 'replay'
  local moved, unchanged, missing, expected = number('moved'), number('unchanged'), number('missing'), number('expected')
  local is_exact = redis.call('HGET', KEYS[1], 'isExpectedExact') == '1'
  local text = (is_replay and 'replayed ' or 'discarded ') .. moved
  if is_exact or expected > moved then text = text .. ' of ' .. (is_exact and '' or 'at least ') .. expected end
  local by_others = unchanged
  if has_ended and is_exact then by_others = math.max(unchanged, expected - moved - missing) end
  if by_others > 0 then text = text .. '; ' .. by_others .. ' had already been changed by others' end
  if missing > 0 then text = text .. '; there is no order for ' .. missing end
  return text
end

redis.call('HSET', KEYS[1], 'state', to)
redis.call('HDEL', KEYS[1], 'trouble', 'ratePerSecond')
add_audit_entry(root, {
  at = now, by = ARGV[7], action = action, subject = 'bulk:' .. id, why = ARGV[8],
  result = action ~= 'bulk_resume' and so_far(to == 'done') or '',
})
if to ~= 'done' and to ~= 'aborted' then return { 'changed', from } end

redis.call('HSET', KEYS[1], 'endedAt', now)
redis.call('SREM', KEYS[2], id)
redis.call('DEL', KEYS[4], KEYS[5])
redis.call('ZADD', KEYS[3], now, id)
redis.call('PEXPIRE', KEYS[1], ARGV[11])
for _, old in ipairs(redis.call('ZRANGE', KEYS[3], 0, -ARGV[10] - 1)) do
  redis.call('DEL', root .. ':bulk:' .. old)
  redis.call('ZREM', KEYS[3], old)
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[11])
return { 'changed', from }
