-- Closes an attempt that has been open for longer than any can be, and lets the order wait again. ARGV: 4 the attempt
-- began before this, 5 key of the job's lock, 6 names of the factories that may be asked twice, with commas around each.
-- Returns the attempt, 'left' where only a worker may judge (an order that may be baked twice has to be held), or
-- false when nothing is open too long any more.
local started_before, lock_key, repeatable = tonumber(ARGV[4]), ARGV[5], ARGV[6]
local open = tonumber(field('openAttempt') or 0)
if open == 0 or redis.call('EXISTS', lock_key) == 1 then return false end
local attempt = read_attempt(open)
if attempt.startedAt > started_before then return false end
if not string.find(repeatable, ',' .. attempt.factory .. ',', 1, true) then return 'left' end
end_attempt(attempt, { outcome = 'unknown', detail = 'nobody ended this attempt, and no worker has the order' })
if field('state') == 'baking' then move('baking', 'queued') end
return cjson.encode(read_attempt(open))
