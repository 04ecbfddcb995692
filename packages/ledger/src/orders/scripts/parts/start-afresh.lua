--- @include "./move.lua"
-- A new deadline, and nothing counted against it.
local function start_afresh(state, deadline_ms)
  redis.call('HSET', order_key, 'deadlineAt', now + deadline_ms, 'countedFailures', 0, 'replayedAt', now)
  redis.call('HINCRBY', order_key, 'replays', 1)
  redis.call('HDEL', order_key, 'dueAt', 'dueMs')
  move(state, 'queued')
end
