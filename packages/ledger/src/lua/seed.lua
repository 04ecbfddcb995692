-- Runs steps of many orders' lives in one go, each by the script that really makes it. ARGV: 1 the steps as JSON: {script,
-- its keys, its other arguments}, all of them strings. `scripts` has them as functions of KEYS and ARGV.
for _, step in ipairs(cjson.decode(ARGV[1])) do
  local name, keys, args = unpack(step)
  scripts[name](keys, args)
end
return redis.status_reply('OK')
