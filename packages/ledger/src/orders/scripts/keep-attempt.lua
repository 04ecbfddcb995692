--- @include "./parts/attempts.lua"
-- Its worker keeps the attempt under way for so long from now. ARGV: 4 n, 5 its token, 6 ms. Returns 1, or 0 when it is
-- not under way any more.
local n = tonumber(ARGV[4])
if number('openAttempt') ~= n or attempt_field(n, 'token') ~= ARGV[5] then return 0 end
extend_lease(tonumber(ARGV[6]))
return 1
