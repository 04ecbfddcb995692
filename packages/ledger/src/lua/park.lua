-- Takes a pending order out of circulation. ARGV: 4 'dead' or 'held', 5 reason. Returns its state.
local to, reason = ARGV[4], ARGV[5]
local state = field('state')
if state and is_pending(state) and not field('openAttempt') then
  move(state, to, reason)
  return to
end
return state
