-- Compare-and-set of one factory's verdict. KEYS: 1 verdicts. ARGV: 1 factory, 2 version that was seen, 3 verdict as
-- JSON, 4 channel. Returns false when it was set, or the verdict as it is when it was not ('' when there is none).
local known = redis.call('HGET', KEYS[1], ARGV[1])
local version = known and cjson.decode(known).version or 0
if version ~= tonumber(ARGV[2]) then return known or '' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return false
