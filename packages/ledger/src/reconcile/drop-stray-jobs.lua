-- Removes jobs that stand in none of the queue's lists, so that no worker would ever take them. KEYS: 1 and 2 lists of
-- jobs, 3.. sorted sets of jobs. ARGV: 1 what job keys begin with, 2.. ids. Returns the ids of those it removed.
-- The lists are read once for all of them: looking for each one in a long list would hold up Redis.
local listed = {}
for n = 1, 2 do
  for _, id in ipairs(redis.call('LRANGE', KEYS[n], 0, -1)) do listed[id] = true end
end

local function is_stray(id)
  local job = ARGV[1] .. id
  if listed[id] or redis.call('EXISTS', job) == 0 or redis.call('EXISTS', job .. ':lock') == 1 then return false end
  for n = 3, #KEYS do
    if redis.call('ZSCORE', KEYS[n], id) then return false end
  end
  return true
end

local dropped = {}
for n = 2, #ARGV do
  if is_stray(ARGV[n]) then
    redis.call('DEL', ARGV[1] .. ARGV[n])
    dropped[#dropped + 1] = ARGV[n]
  end
end
return dropped
