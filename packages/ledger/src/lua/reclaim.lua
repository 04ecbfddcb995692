-- Closes an attempt that its worker will not end any more: it died, or lost its hold on the order. Whether the
-- factory baked is unknown. Returns the attempt, or false when none was open.
local open = tonumber(field('openAttempt') or 0)
if open == 0 then return false end
end_attempt(read_attempt(open), { outcome = 'unknown', detail = 'the worker stopped before the factory answered' })
return cjson.encode(read_attempt(open))
