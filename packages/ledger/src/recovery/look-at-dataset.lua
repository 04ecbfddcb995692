--- @include "./loss.lua"
--- @include "../redis/redis-time.lua"
-- Knows this dataset again, or notices that it is not what it was. KEYS: 1 dataset, 2 counters. ARGV: 1 now, or '' for
-- Redis' own clock, 2 the id it gets if it has none, 3 'beat' or '', then as the caller saw it last, or '' for never: 4 id,
-- 5 beat, 6 accepted. Returns {id, beat, accepted, the loss (loss.lua)}. A loss stays until an operator acknowledges it.
local function number(value) return tonumber(value or 0) or 0 end

redis.call('HSETNX', KEYS[1], 'id', ARGV[2])
local id = redis.call('HGET', KEYS[1], 'id')
local beat = number(redis.call('HGET', KEYS[1], 'beat'))
local accepted = number(redis.call('HGET', KEYS[2], 'accepted'))

local known_id, known_beat, known_accepted = ARGV[4], number(ARGV[5]), number(ARGV[6])
local is_less = known_id ~= '' and (known_id ~= id or beat < known_beat or accepted < known_accepted)
if is_less and #read_loss(KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'lossNoticedAt', tonumber(ARGV[1]) or redis_now(),
    'lossKind', known_id ~= id and 'other_dataset' or 'older_dataset',
    'lossAcceptedBefore', known_accepted, 'lossAcceptedAfter', accepted)
end
if ARGV[3] == 'beat' then beat = redis.call('HINCRBY', KEYS[1], 'beat', 1) end
return { id, beat, accepted, read_loss(KEYS[1]) }
