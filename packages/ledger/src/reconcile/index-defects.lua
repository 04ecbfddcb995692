--- @include "../search/dead-letter-indexes.lua"
-- What is wrong with one order in the sorted sets, shared by all scripts that look or mend. Each defect is
-- {kind, key, score it should have there, or false where it should not be}, or {kind} for the indexes of a dead letter
-- (dead-letter-indexes.lua), which are mended together. `names`: {states, reasons}, which a script
-- has as how many states there are, these, and the reasons.
-- An order whose record is gone stays in by-time, as the evidence that it was accepted, and leaves the other sets; one
-- whose record cannot be read stays where it is. Returns the defects, and whether there is a record.
local function names_from(at)
  local states = tonumber(ARGV[at])
  return { { unpack(ARGV, at + 1, at + states) }, { unpack(ARGV, at + states + 1) } }
end

local function defects_of(root, id, names)
  local record = redis.call('HMGET', root .. ':order:' .. id,
    'state', 'reason', 'dinerId', 'acceptedAt', 'updatedAt', 'deadlineAt', unpack(indexed_fields))
  local state, reason, diner, accepted_at, updated_at, deadline_at, factory, store, group = unpack(record)
  if state and not (diner and accepted_at and updated_at and deadline_at) then return {}, false end
  local is_pending = state == 'queued' or state == 'baking'
  local found = {}

  local function check(kind, key, wanted, is_exact)
    local score = redis.call('ZSCORE', key, id)
    local is_right = (not wanted and not score)
      or (wanted and score and (not is_exact or tonumber(score) == tonumber(wanted)))
    if not is_right then found[#found + 1] = { kind, key, wanted or false } end
  end

  if state then check('time', root .. ':by-time', accepted_at) end
  for _, each in ipairs(names[1]) do
    local score = is_pending and accepted_at or updated_at
    check('state', root .. ':by-state:' .. each, each == state and score)
  end
  for _, each in ipairs(names[2]) do
    check('reason', root .. ':by-reason:' .. each, each == reason and updated_at)
  end
  check('deadline', root .. ':by-deadline', is_pending and deadline_at, true)
  if state then check('diner', root .. ':by-diner:' .. diner, accepted_at) end
  if state == 'dead' or state == 'held' then
    for _, kind in ipairs(missing_indexes(root, id)) do found[#found + 1] = { kind } end
  elseif factory or store or group then
    found[#found + 1] = { 'dead_letter' }
  end
  return found, state ~= false
end
