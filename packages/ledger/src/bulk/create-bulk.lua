--- @include "../audit-log/audit-entry.lua"
-- Writes down a new bulk task, which runs from now on. KEYS: 1 the task, 2 the open tasks. ARGV: 1 root, 2 now, 3 id,
-- 4 how many may be open, 5 by, 6 why, 7 what it is about, as text, 8.. its fields. Returns 1, or 0 when too many are open.
if redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 8))
redis.call('SADD', KEYS[2], ARGV[3])
add_audit_entry(ARGV[1], {
  at = ARGV[2], by = ARGV[5], action = 'bulk_start', subject = 'bulk:' .. ARGV[3], why = ARGV[6], result = ARGV[7],
})
return 1
