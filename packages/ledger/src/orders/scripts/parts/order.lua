--- @include "../../../redis/redis-time.lua"
-- Shared by every script of an order. KEYS[1] is the order's record; ARGV[1] is the root of all names (names.ts), ARGV[2]
-- the order's id, ARGV[3] the time in ms since the epoch, where a test sets it: else it is Redis' own.
local order_key = KEYS[1]
local root, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3]) or redis_now()

local function index(kind, value)
  return root .. ':by-' .. kind .. ':' .. value
end

local function field(name)
  return redis.call('HGET', order_key, name) or false
end

local function number(name)
  return tonumber(field(name) or '') or 0
end

local function is_pending(state)
  return state == 'queued' or state == 'baking'
end

local function is_dead_letter(state)
  return state == 'dead' or state == 'held'
end

-- Two clocks that differ by no more than this are taken for the same.
local little_skew_ms = 2000
