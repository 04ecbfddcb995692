-- Where a dead or held order stands besides by-state and by-reason, so that it is found: by the factory of its last
-- attempt, by store, by diner, and by what its last attempt's error says; each by when it was settled. The record
-- remembers in `indexedFactory`, `indexedStore` and `indexedError` where that is, so that it leaves just there.
local most_error_groups, longest_error = 250, 1000
local indexed_fields = { 'indexedFactory', 'indexedStore', 'indexedError' }

local function dead_index(root, kind, value)
  return root .. ':dead-by-' .. kind .. ':' .. value
end

-- What is known of the last attempt, if there was one.
local function last_attempt(root, id, name)
  local record = root .. ':order:' .. id
  local n = redis.call('HGET', record, 'attempts')
  return n and redis.call('HGET', record, 'a' .. n .. '.' .. name) or false
end

local function last_error(root, id)
  local detail = last_attempt(root, id, 'detail')
  return detail and detail ~= '' and detail
end

-- An error in lower case (of ASCII letters only), with a control character for each id: 20 or more letters and digits, among
-- them a digit.
local function without_ids(detail)
  return (string.gsub(string.lower(detail), '[%da-z]+', function(run)
    if #run >= 20 and string.find(run, '%d') then return '\1' end
  end))
end

-- Errors that differ in numbers and ids only are one group: each run of hexadecimal digits and hyphens that has a decimal
-- digit in it becomes `#`, too (search/error-groups.ts goes by the same rules).
local function error_pattern(detail)
  return (string.gsub(without_ids(detail), '[%da-f%-]+', function(run)
    if string.find(run, '%d') then return '#' end
  end))
end

local function error_group(pattern)
  return #pattern > longest_error and 'other' or string.sub(redis.sha1hex(pattern), 1, 16)
end

-- The group that an error belongs to, made if need be. Beyond so many groups there is one for all others, which has no
-- pattern.
local function join_error_group(root, pattern)
  local groups, group = root .. ':error-groups', error_group(pattern)
  if group == 'other' or redis.call('HEXISTS', groups, group) == 1 then return group end
  if redis.call('HLEN', groups) >= most_error_groups then return 'other' end
  redis.call('HSET', groups, group, pattern)
  return group
end

local function leave_error_group(root, id, group)
  local key = dead_index(root, 'error', group)
  redis.call('ZREM', key, id)
  if redis.call('EXISTS', key) == 0 then redis.call('HDEL', root .. ':error-groups', group) end
end

local function leave_dead_letters(root, id)
  local record = root .. ':order:' .. id
  local factory, store, group = unpack(redis.call('HMGET', record, unpack(indexed_fields)))
  local diner = redis.call('HGET', record, 'dinerId')
  if factory then redis.call('ZREM', dead_index(root, 'factory', factory), id) end
  if store then redis.call('ZREM', dead_index(root, 'store', store), id) end
  if diner then redis.call('ZREM', dead_index(root, 'diner', diner), id) end
  if group then leave_error_group(root, id, group) end
  redis.call('HDEL', record, unpack(indexed_fields))
end

-- Where its record says that it belongs; `pattern` is its error's.
local function index_values(root, id)
  local diner, store = unpack(redis.call('HMGET', root .. ':order:' .. id, 'dinerId', 'storeId'))
  local detail = last_error(root, id)
  return {
    factory = last_attempt(root, id, 'factory'),
    store = store,
    diner = diner,
    pattern = detail and error_pattern(detail),
  }
end

local function join_dead_letters(root, id, settled_at)
  local record, values = root .. ':order:' .. id, index_values(root, id)
  local function join(kind, value, field)
    if not value then return end
    redis.call('ZADD', dead_index(root, kind, value), settled_at, id)
    if field then redis.call('HSET', record, field, value) end
  end
  join('factory', values.factory, 'indexedFactory')
  join('store', values.store, 'indexedStore')
  join('error', values.pattern and join_error_group(root, values.pattern), 'indexedError')
  join('diner', values.diner)
end

-- The indexes in which a dead or held order should stand and does not, or thinks that it does.
local function missing_indexes(root, id)
  local record, values = root .. ':order:' .. id, index_values(root, id)
  local factory, store, group = unpack(redis.call('HMGET', record, unpack(indexed_fields)))
  local missing = {}
  local function check(kind, wanted, indexed)
    local is_right = wanted == indexed
      and (not wanted or redis.call('ZSCORE', dead_index(root, kind, wanted), id))
    if not is_right then missing[#missing + 1] = kind end
  end
  check('factory', values.factory, factory)
  check('store', values.store, store)
  check('diner', values.diner, values.diner)
  -- There may have been no room for its group when it came.
  local is_known = group == 'other' or (group and redis.call('HEXISTS', root .. ':error-groups', group) == 1)
  local wanted_group = values.pattern and (group == 'other' and group or error_group(values.pattern))
  check('error', wanted_group, is_known and group)
  return missing
end
