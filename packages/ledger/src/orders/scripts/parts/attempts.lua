--- @include "./order.lua"
--- @include "../../../search/dead-letter-indexes.lua"
-- Shared by the scripts that begin and end attempts. An attempt is fields of the order's record, a value each, none of
-- which is ever decoded here: `attempts` says how many there are, `a<n>.<name>` what is known of one (record-codec.ts).
-- `openAttempt` is the one under way; until `leaseUntil` it is its worker's alone.
local longest_lease_ms = 150000

local function attempt_field(n, name)
  return field('a' .. n .. '.' .. name)
end

local function set_attempt(n, values)
  for name, value in pairs(values) do redis.call('HSET', order_key, 'a' .. n .. '.' .. name, value) end
end

local function new_attempt(values)
  local n = redis.call('HINCRBY', order_key, 'attempts', 1)
  set_attempt(n, values)
  return n
end

-- Gives the attempt under way to its worker for so long, or for as long as it has it already.
local function extend_lease(lease_ms)
  local wanted = now + math.min(lease_ms, longest_lease_ms)
  local known = math.min(number('leaseUntil'), now + longest_lease_ms)
  redis.call('HSET', order_key, 'leaseUntil', math.max(wanted, known))
end

-- For how many ms at least the attempt under way stays its worker's; 0 when it was abandoned. A worker that is alive may
-- have a receipt that it cannot write down: it keeps the attempt beyond its lease, but not for ever. A lease that ends
-- later than any can was written while the clock was ahead.
local function kept_for(n)
  local lease_until = number('leaseUntil')
  if lease_until > now + longest_lease_ms then
    lease_until = now + longest_lease_ms
    redis.call('HSET', order_key, 'leaseUntil', lease_until)
  end
  if lease_until > now then return lease_until - now end
  local is_alive = redis.call('ZSCORE', root .. ':workers', attempt_field(n, 'worker') or '')
  return is_alive and lease_until > now - longest_lease_ms and 1000 or 0
end

-- How a factory fares with orders that are sent to it for the first time: the share that fails, the latest weighing most.
local failures = { failed = true, unknown = true, not_sent = true, rejected = true, misconfigured = true }
local function note_first_attempt(n, outcome)
  if attempt_field(n, 'triedBefore') or not (failures[outcome] or outcome == 'fulfilled') then return end
  local factory_key = root .. ':factory:' .. attempt_field(n, 'factory')
  local share = tonumber(redis.call('HGET', factory_key, 'failing') or '') or 0
  local failed = failures[outcome] and 1 or 0
  redis.call('HSET', factory_key, 'failing', string.format('%.4f', share + 0.05 * (failed - share)))
end

-- A failure counts against the order only if the same factory has baked another order since this order was last
-- tried there, and fails few of those that are new to it: only then is it the order and not the factory.
local function counts_against(n)
  local tried_before = tonumber(attempt_field(n, 'triedBefore') or '')
  if not tried_before then return false end
  local factory_key = root .. ':factory:' .. attempt_field(n, 'factory')
  local factory = redis.call('HMGET', factory_key, 'bakedAt', 'bakedId', 'failing')
  if (tonumber(factory[3] or '') or 0) > 0.2 then return false end
  return factory[1] and factory[2] ~= id and tonumber(factory[1]) > tried_before
end

-- `ended`: {outcome, status, detail, endChaosLink, late}. An attempt that was given up and whose answer came after all keeps
-- when that was: the next one followed from it, and what it counted for stays. The last attempt's error is in one of the indexes
-- of a dead letter, which stands where it belongs afterwards.
local function end_attempt(n, ended)
  local is_settled = is_dead_letter(field('state'))
  if is_settled then leave_dead_letters(root, id) end
  local given_up_at = attempt_field(n, 'endedAt')
  if given_up_at then
    set_attempt(n, { givenUpAt = given_up_at })
    for _, name in ipairs({ 'detail', 'status', 'endChaosLink' }) do
      redis.call('HDEL', order_key, 'a' .. n .. '.' .. name)
    end
  end
  set_attempt(n, ended)
  set_attempt(n, { endedAt = now })
  local outcome = ended.outcome
  local exhausts = outcome == 'failed' or outcome == 'unknown' or outcome == 'receipt_mismatch'
  local is_refusal = outcome == 'rejected' or outcome == 'misconfigured'
  if (exhausts or is_refusal) and not given_up_at and counts_against(n) then
    set_attempt(n, { counted = '1' })
    if exhausts then redis.call('HINCRBY', order_key, 'countedFailures', 1) end
  end
  if not given_up_at then note_first_attempt(n, outcome) end
  if number('openAttempt') == n then redis.call('HDEL', order_key, 'openAttempt', 'leaseUntil') end
  if is_settled then join_dead_letters(root, id, field('updatedAt')) end
end
