--- @include "../orders/scripts/parts/order.lua"
-- Shared by the changes of an order that a bulk task makes. The order's change and the task's counts are one: whichever process
-- crashes where, what was counted has happened, once. ARGV from `first` on: task or '', who holds its lease, batch.
-- A batch may be worked on twice, and a runner may be late: the task's own state says what is still to be done, the
-- lease and the batch's number who may do it, `bulk-seen` and the order's `bulkTask` what this task did already.
local function bulk_lease(first)
  local task, holder, batch = ARGV[first], ARGV[first + 1], ARGV[first + 2]
  if not task or task == '' then
    return { count = function() end, remember = function() end }
  end
  local key = root .. ':bulk:' .. task
  local known = redis.call('HMGET', key, 'state', 'batch')
  if known[1] ~= 'running' or known[2] ~= batch or redis.call('GET', root .. ':bulk-lease:' .. task) ~= holder then
    return { refusal = 'stopped' }
  end
  if redis.call('SADD', root .. ':bulk-seen:' .. task, id) == 0 or field('bulkTask') == task then
    return { refusal = 'seen' }
  end
  return {
    task = task,
    count = function(what) redis.call('HINCRBY', key, what, 1) end,
    -- An order that is settled again is left to another task.
    remember = function() redis.call('HSET', order_key, 'bulkTask', task) end,
  }
end
