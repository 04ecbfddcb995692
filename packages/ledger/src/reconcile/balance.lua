-- Both sides of the balance in one moment. KEYS: 1 counters, 2 by-time, 3.. by-state of each state. ARGV: 1 'mend' or
-- 'look', 2.. the states. The counters of states are set to the sizes of the indexes only where the indexes account for
-- every order that was accepted: otherwise that would hide a loss.
-- Returns {accepted, size of by-time, how many counters were set, then counter and size of the index for each state},
-- as it was before.
local function counter(name) return tonumber(redis.call('HGET', KEYS[1], name) or 0) end

local accepted, known = counter('accepted'), redis.call('ZCARD', KEYS[2])
local reply = { accepted, known, 0 }
local sum = 0
for n = 2, #ARGV do
  local size = redis.call('ZCARD', KEYS[n + 1])
  sum = sum + size
  reply[#reply + 1] = counter(ARGV[n])
  reply[#reply + 1] = size
end
if ARGV[1] == 'mend' and accepted == known and known == sum then
  for n = 2, #ARGV do
    local count, size = reply[2 * n], reply[2 * n + 1]
    if count ~= size then
      redis.call('HSET', KEYS[1], ARGV[n], size)
      reply[3] = reply[3] + 1
    end
  end
end
return reply
