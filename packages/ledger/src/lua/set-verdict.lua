-- Compare-and-set of one factory's verdict, with an audit entry where a person changes it: both or nothing. KEYS: 1 verdicts,
-- 2 the audit log, 3 its list of the factory. ARGV: 1 factory, 2 version that was seen, 3 verdict as JSON, 4 channel, then for
-- an audit entry 5 root, 6 at in ms, 7 by, 8 action, 9 why. Returns false when it was set, or the verdict as it is when it was not ('' when there is none).
local known = redis.call('HGET', KEYS[1], ARGV[1])
local version = known and cjson.decode(known).version or 0
if version ~= tonumber(ARGV[2]) then return known or '' end
if ARGV[5] then
  local subject = 'factory:' .. ARGV[1]
  add_audit_entry(ARGV[5], { at = ARGV[6], by = ARGV[7], action = ARGV[8], subject = subject, why = ARGV[9] })
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.pcall('PUBLISH', ARGV[4], ARGV[3])
return false
