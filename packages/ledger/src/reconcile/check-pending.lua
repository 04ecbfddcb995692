--- @include "../redis/redis-time.lua"
-- Looks at one slice of the pending orders of one state. KEYS: 1 its sorted set. ARGV: 1 root, 2 what job keys begin
-- with, 3 offset, 4 how many, 5 an order that changed less than so many ms ago may still be on its way into the queue,
-- 6 now, or '' for Redis' own clock. Returns {how many it saw, ids without a job, ids whose attempt may have been
-- abandoned while no worker has the job (reclaim-stale.lua), how many have a job}.
local root, jobs, offset = ARGV[1], ARGV[2], tonumber(ARGV[3])
local now = tonumber(ARGV[6]) or redis_now()

local ids = redis.call('ZRANGE', KEYS[1], offset, offset + ARGV[4] - 1)
local is_baking = KEYS[1] == root .. ':by-state:baking'
local missing, stale, with_job = {}, {}, 0
for _, id in ipairs(ids) do
  local has_job = redis.call('EXISTS', jobs .. id) == 1
  if has_job then with_job = with_job + 1 end
  if is_baking or not has_job then
    local record = redis.call('HMGET', root .. ':order:' .. id, 'updatedAt', 'openAttempt', 'leaseUntil')
    local updated_at, open, lease_until = unpack(record)
    local is_over = open and (tonumber(lease_until or '') or 0) <= now
    local is_stale = is_over and redis.call('EXISTS', jobs .. id .. ':lock') == 0
    if is_stale then stale[#stale + 1] = id end
    -- A worker that lost its job in mid attempt still has its call under way: another one must not take the order yet.
    local may_wait = open and not is_stale
    local age = now - (tonumber(updated_at or '') or now)
    -- What changed in the future was written while the clock was ahead.
    if not has_job and updated_at and not may_wait and (age >= tonumber(ARGV[5]) or age < 0) then
      missing[#missing + 1] = id
    end
  end
end
return { #ids, missing, stale, with_job }
