--- @include "../audit-log/audit-entry.lua"
--- @include "../redis/redis-time.lua"
-- Pauses or resumes the queue, with an audit entry: both or nothing. KEYS: 1 the switch, 2 the audit log, 3 its list of
-- the subject. ARGV: 1 '1' to pause and '0' to resume, 2 who, 3 when, or '' for now, 4 why, 5 channel, 6 root. Returns {1 when that changed anything, the switch as it is then}. What stands there and cannot be read is
-- written over.
local key, at = KEYS[1], tonumber(ARGV[3]) or redis_now()
if redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end
local known = redis.call('HGET', key, 'isPaused') or '0'
if known == ARGV[1] then return { 0, redis.call('HGETALL', key) } end
local action = ARGV[1] == '1' and 'pause_queue' or 'resume_queue'
add_audit_entry(ARGV[6], { at = at, by = ARGV[2], action = action, subject = 'queue', why = ARGV[4] })
redis.call('DEL', key)
redis.call('HSET', key, 'isPaused', ARGV[1], 'by', ARGV[2], 'at', at, 'why', ARGV[4])
redis.pcall('PUBLISH', ARGV[5], ARGV[1])
return { 1, redis.call('HGETALL', key) }
