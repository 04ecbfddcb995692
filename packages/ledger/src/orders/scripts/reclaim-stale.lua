--- @include "./parts/attempts.lua"
--- @include "./parts/move.lua"
-- Closes an attempt that was abandoned while no worker has the order, and lets the order wait again. ARGV: 4 key of the
-- job's lock, 5 names of the factories that may be asked twice, with commas around each. Returns n of the attempt, 0 where
-- only a worker may judge (an order that may be baked twice has to be held), or false when there is nothing to close.
local lock_key, repeatable = ARGV[4], ARGV[5]
local open = number('openAttempt')
if open == 0 or redis.call('EXISTS', lock_key) == 1 or kept_for(open) > 0 then return false end
if not string.find(repeatable, ',' .. attempt_field(open, 'factory') .. ',', 1, true) then return 0 end
end_attempt(open, { outcome = 'unknown', detail = 'nobody ended this attempt, and no worker has the order' })
if field('state') == 'baking' then move('baking', 'queued') end
return open
