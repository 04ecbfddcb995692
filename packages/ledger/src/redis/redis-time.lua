-- Shared by every script: the one clock that all processes have, which is Redis' own. In ms since the epoch.
local function redis_now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
