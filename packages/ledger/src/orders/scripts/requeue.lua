--- @include "./parts/move.lua"
-- A round of attempts is over without a receipt: the order waits again. ARGV: 4 for how many ms at least. Returns its state.
local state = field('state')
if state == 'baking' and not field('openAttempt') then
  local delay_ms = tonumber(ARGV[4])
  if delay_ms > 0 then redis.call('HSET', order_key, 'dueAt', now + delay_ms, 'dueMs', delay_ms) end
  move('baking', 'queued')
  return 'queued'
end
return state
