--- @include "../audit-log/audit-entry.lua"
-- Compare-and-set of one breaker's state, with an audit entry where a person changes it: both or nothing. The state is text
-- that is never read here: its version stands beside it. KEYS: 1 breakers, 2 the audit log, 3 its list of the factory.
-- ARGV: 1 factory, 2 version that was seen, 3 version that it gets, 4 the state as JSON, 5 channel, then for an audit
-- entry 6 root, 7 at in ms, 8 by, 9 action, 10 why.
-- Returns false when it was set, or {version, state as it is} when it was not.
local version = redis.call('HGET', KEYS[1], ARGV[1] .. ':version') or '0'
if version ~= ARGV[2] then return { version, redis.call('HGET', KEYS[1], ARGV[1]) or '' } end
if ARGV[6] then
  local subject = 'factory:' .. ARGV[1]
  add_audit_entry(ARGV[6], { at = ARGV[7], by = ARGV[8], action = ARGV[9], subject = subject, why = ARGV[10] })
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4], ARGV[1] .. ':version', ARGV[3])
redis.pcall('PUBLISH', ARGV[5], ARGV[4])
return false
