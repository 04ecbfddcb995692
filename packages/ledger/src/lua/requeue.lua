-- A round of attempts is over without a receipt: the order waits again. Returns its state.
local state = field('state')
if state == 'baking' and not field('openAttempt') then
  move('baking', 'queued')
  return 'queued'
end
return state
