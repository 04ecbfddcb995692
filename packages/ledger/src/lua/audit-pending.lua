-- Looks at one slice of the pending orders of one state. KEYS: 1 its sorted set. ARGV: 1 root, 2 what job keys begin
-- with, 3 offset, 4 how many, 5 an order that changed after this may still be on its way into the queue, 6 an attempt
-- that began after this may still be under way. Returns {how many it saw, ids without a job, ids whose attempt is open
-- too long while no worker has the job, how many have a job}.
local root, jobs, offset = ARGV[1], ARGV[2], tonumber(ARGV[3])
local changed_before, started_before = tonumber(ARGV[5]), tonumber(ARGV[6])

local function open_too_long(id, n)
  local attempt = redis.call('LINDEX', root .. ':attempts:' .. id, n - 1)
  return not attempt or cjson.decode(attempt).startedAt <= started_before
end

local ids = redis.call('ZRANGE', KEYS[1], offset, offset + ARGV[4] - 1)
local is_baking = KEYS[1] == root .. ':by-state:baking'
local missing, stale, with_job = {}, {}, 0
for _, id in ipairs(ids) do
  local has_job = redis.call('EXISTS', jobs .. id) == 1
  if has_job then with_job = with_job + 1 end
  if is_baking or not has_job then
    local updated_at, open = unpack(redis.call('HMGET', root .. ':order:' .. id, 'updatedAt', 'openAttempt'))
    local is_stale = open and open_too_long(id, open) and redis.call('EXISTS', jobs .. id .. ':lock') == 0
    if is_stale then stale[#stale + 1] = id end
    -- A worker that lost its job in mid attempt still has its call under way: another one must not take the order yet.
    local may_wait = open and not is_stale
    if not has_job and updated_at and not may_wait and tonumber(updated_at) <= changed_before then
      missing[#missing + 1] = id
    end
  end
end
return { #ids, missing, stale, with_job }
