--- @include "./parts/attempts.lua"
-- Closes an attempt that its worker will not end any more: it died, or lost its hold on the order. Whether the factory
-- baked is unknown. ARGV: 4 n, 5 the worker that asks: what it began itself and has not in hand any more is its to close.
-- Returns {'reclaimed'}, {'ended'} when it is not under way, or {'busy', in how many ms it is worth asking again}.
local n, worker = tonumber(ARGV[4]), ARGV[5]
if number('openAttempt') ~= n then return { 'ended' } end
local kept = attempt_field(n, 'worker') == worker and 0 or kept_for(n)
if kept > 0 then return { 'busy', kept } end
end_attempt(n, { outcome = 'unknown', detail = 'the worker stopped before the factory answered' })
return { 'reclaimed' }
