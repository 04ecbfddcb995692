-- What a list says of these orders (search/read-summaries.ts). ARGV: 1 root, 2 how many names follow of what is known of
-- an attempt, these, then ids. Returns for each that is there its values in this order, how many attempts it has, and what
-- is known of the last of them; '' for nothing. One reply for a whole page: a reply for each order costs the caller more
-- than all else.
local fields = { 'id', 'state', 'reason', 'dinerId', 'request', 'acceptedAt', 'updatedAt', 'replays', 'attempts' }
local root, of_attempt, found = ARGV[1], { unpack(ARGV, 3, 2 + ARGV[2]) }, {}

local function append(values, names, record, prefix)
  local asked = {}
  for n, name in ipairs(names) do asked[n] = prefix .. name end
  for n, value in ipairs(redis.call('HMGET', record, unpack(asked))) do values[#values + 1] = value or '' end
end

for n = 3 + ARGV[2], #ARGV do
  local record, values = root .. ':order:' .. ARGV[n], {}
  append(values, fields, record, '')
  if values[1] ~= '' or redis.call('EXISTS', record) == 1 then
    values[1] = ARGV[n]
    local last = values[#fields]
    append(values, of_attempt, record, 'a' .. last .. '.')
    found[#found + 1] = values
  end
end
return found
