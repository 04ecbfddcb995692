--- @include "./dead-letter-indexes.lua"
-- Goes through orders of one or several sorted sets in order of time, and picks those whose record matches, until a
-- bounded amount of work is done. KEYS: the sorted sets; no order stands in two of them. ARGV: 1 root, then names and values
-- of what is wanted: oldestFirst, afterScore, afterId, from, to, limit, mostWork, isCount, and what the records have to
-- say: states, reasons (a name for each value), factory, diner, store, text, acceptedFrom, acceptedTo. `to` is not part of
-- the range; a flag is there or not. Returns {examined, still to be examined, score and id of the last one examined or '',
-- ids that match, how often each reason is among them: {reason, count, ...}, how many match}.
local known = {
  oldestFirst = true, afterScore = true, afterId = true, from = true, to = true, limit = true, mostWork = true, isCount = true,
  factory = true, diner = true, store = true, text = true, acceptedFrom = true, acceptedTo = true,
}
local root, wanted, states, reasons = ARGV[1], {}, nil, nil
for i = 2, #ARGV, 2 do
  local name, value = ARGV[i], ARGV[i + 1]
  if name == 'states' then
    states = states or {}
    states[value] = true
  elseif name == 'reasons' then
    reasons = reasons or {}
    reasons[value] = true
  elseif known[name] then
    wanted[name] = value
  else
    -- A condition that nothing looks at would find every order.
    return redis.error_reply('ERR unknown condition ' .. name)
  end
end
local oldest_first = wanted.oldestFirst ~= nil
local limit, most_work = tonumber(wanted.limit), tonumber(wanted.mostWork)
-- To look at a record is 1, and so is to read an attempt. It is not measured in time: in Redis 7.2 and later the time
-- stands still for a script.
local work = 0

-- As Redis sorts members of one score. Lua's own `<` goes by the locale.
local function is_before(a, b)
  local length = math.min(#a, #b)
  for n = 1, length do
    local one, other = string.byte(a, n), string.byte(b, n)
    if one ~= other then return one < other end
  end
  return #a < #b
end

-- How many members stand before this position, and whether one stands right there. Halving, and no walk: a million
-- members may have one score.
local function rank_of(key, score, id)
  local low = redis.call('ZCOUNT', key, '-inf', '(' .. score)
  local high = redis.call('ZCOUNT', key, '-inf', score)
  if low == high then return low, false end
  local own = redis.call('ZSCORE', key, id)
  if own and tonumber(own) == tonumber(score) then return redis.call('ZRANK', key, id), true end
  while low < high do
    local middle = math.floor((low + high) / 2)
    if is_before(redis.call('ZRANGE', key, middle, middle)[1], id) then low = middle + 1 else high = middle end
  end
  return low, false
end

-- The ranks of a sorted set that are still to be examined: from `low` up to and without `high`.
local function window_of(key)
  local low = wanted.from and redis.call('ZCOUNT', key, '-inf', '(' .. wanted.from) or 0
  local high = wanted.to and redis.call('ZCOUNT', key, '-inf', '(' .. wanted.to) or redis.call('ZCARD', key)
  if wanted.afterId then
    local rank, is_there = rank_of(key, wanted.afterScore, wanted.afterId)
    if oldest_first then low = math.max(low, is_there and rank + 1 or rank) else high = math.min(high, rank) end
  end
  return low, high
end

local chunk = math.max(4, math.floor(128 / #KEYS))

-- Sets `score` and `id` of a source to those of its next member. False: it has none.
local function look_ahead(source)
  if source.unread == 0 then
    local size = math.min(chunk, source.high - source.low)
    if size <= 0 then return false end
    local first = oldest_first and source.low or source.high - size
    source.members = redis.call('ZRANGE', source.key, first, first + size - 1, 'WITHSCORES')
    source.size, source.unread = size, size
  end
  local n = oldest_first and source.size - source.unread or source.unread - 1
  source.id, source.score = source.members[2 * n + 1], tonumber(source.members[2 * n + 2])
  return true
end

local function take(source)
  source.unread = source.unread - 1
  if oldest_first then source.low = source.low + 1 else source.high = source.high - 1 end
end

-- The sources as a heap: the one whose next member comes first is heap[1].
local heap = {}

local function comes_first(one, other)
  if one.score ~= other.score then return (one.score < other.score) == oldest_first end
  return one.id ~= other.id and is_before(one.id, other.id) == oldest_first
end

local function sift_down(n)
  while true do
    local first = n
    for child = 2 * n, 2 * n + 1 do
      if heap[child] and comes_first(heap[child], heap[first]) then first = child end
    end
    if first == n then return end
    heap[n], heap[first] = heap[first], heap[n]
    n = first
  end
end

local accepted_from, accepted_to = tonumber(wanted.acceptedFrom), tonumber(wanted.acceptedTo)
local text = wanted.text
-- Only a text with a digit can be meant to be a part of an id.
local is_in_ids = text and string.find(text, '%d')

local function has_text(id)
  work = work + 2
  local detail = last_error(root, id)
  local said = detail and (is_in_ids and string.lower(detail) or without_ids(detail))
  return said and string.find(said, text, 1, true) ~= nil
end

-- Only dead letters remember the factory where the search finds it first.
local function has_factory(id, indexed)
  if indexed then return indexed == wanted.factory end
  work = work + 2
  return last_attempt(root, id, 'factory') == wanted.factory
end

-- What has to be read of a record: each field costs as much as the rest of a call.
local fields = {}
local function need(is_needed, name)
  if is_needed then fields[#fields + 1] = name end
  return is_needed and #fields
end
local state_at = need(states, 'state')
local reason_at = need(reasons or wanted.isCount, 'reason')
local diner_at = need(wanted.diner, 'dinerId')
local accepted_at = need(accepted_from or accepted_to, 'acceptedAt')
local factory_at = need(wanted.factory, 'indexedFactory')
local store_at = need(wanted.store, 'storeId')

-- Whether the record says so, and its reason where they are counted.
local function matches(id)
  local record = root .. ':order:' .. id
  local values = #fields > 0 and redis.call('HMGET', record, unpack(fields)) or fields
  local reason = reason_at and values[reason_at]
  local accepted = accepted_at and tonumber(values[accepted_at] or '')
  local is_match = (not states or states[values[state_at]])
    and (not reasons or reasons[reason])
    and (not wanted.diner or wanted.diner == values[diner_at])
    and (not accepted_from or (accepted and accepted >= accepted_from))
    and (not accepted_to or (accepted and accepted < accepted_to))
    and (not wanted.factory or has_factory(id, values[factory_at]))
    and (not wanted.store or wanted.store == values[store_at])
    and (not text or has_text(id))
  return is_match, reason
end

local left = 0
for _, key in ipairs(KEYS) do
  local low, high = window_of(key)
  local source = { key = key, low = low, high = high, unread = 0 }
  if look_ahead(source) then
    heap[#heap + 1] = source
    left = left + high - low
  end
end
for n = math.floor(#heap / 2), 1, -1 do sift_down(n) end

local examined, last_score, last_id = 0, '', ''
local found, by_reason, count = {}, {}, 0
while heap[1] and work < most_work and count < limit do
  local source = heap[1]
  local id = source.id
  last_score, last_id = source.score, id
  examined, work = examined + 1, work + 1
  left = left - 1
  local is_match, reason = matches(id)
  if is_match then
    count = count + 1
    if not wanted.isCount then found[count] = id end
    if reason then by_reason[reason] = (by_reason[reason] or 0) + 1 end
  end
  take(source)
  if not look_ahead(source) then
    heap[1] = heap[#heap]
    heap[#heap] = nil
  end
  if heap[1] then sift_down(1) end
end

local reasons_counted = {}
for reason, times in pairs(by_reason) do
  reasons_counted[#reasons_counted + 1] = reason
  reasons_counted[#reasons_counted + 1] = times
end
local last = last_id == '' and '' or string.format('%.17g', last_score)
return { examined, left, last, last_id, found, reasons_counted, count }
