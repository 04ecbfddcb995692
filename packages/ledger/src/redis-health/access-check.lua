-- Tries every command of our scripts and of BullMQ's on a key of its own, and a message on a channel of its own.
-- KEYS: 1 the key. ARGV: 1 the channel. Returns the names of those that Redis refuses. Redis asks for permission first:
-- that most of them do not fit a string, and so change nothing, comes after that.
local key = KEYS[1]
local tries = {
  { 'SET', key, '1', 'PX', 1000 },
  { 'GET', key }, { 'EXISTS', key }, { 'TYPE', key }, { 'PTTL', key }, { 'TIME' }, { 'INCR', key },
  { 'INCRBY', key, 1 }, { 'PEXPIRE', key, 1000 }, { 'PERSIST', key }, { 'RENAME', key, key },
  { 'HSET', key, 'f', 1 }, { 'HMSET', key, 'f', 1 }, { 'HSETNX', key, 'f', 1 }, { 'HGET', key, 'f' },
  { 'HMGET', key, 'f' }, { 'HGETALL', key }, { 'HDEL', key, 'f' }, { 'HINCRBY', key, 'f', 1 },
  { 'HEXISTS', key, 'f' }, { 'HLEN', key },
  { 'LPUSH', key, 1 }, { 'RPUSH', key, 1 }, { 'LPOP', key }, { 'RPOP', key }, { 'RPOPLPUSH', key, key },
  { 'LRANGE', key, 0, 0 }, { 'LINDEX', key, 0 }, { 'LLEN', key }, { 'LPOS', key, 1 }, { 'LREM', key, 1, 1 },
  { 'LSET', key, 0, 1 }, { 'LTRIM', key, 0, 0 },
  { 'SADD', key, 1 }, { 'SREM', key, 1 }, { 'SCARD', key }, { 'SMEMBERS', key }, { 'SISMEMBER', key, 1 },
  { 'ZADD', key, 1, 1 }, { 'ZREM', key, 1 }, { 'ZSCORE', key, 1 }, { 'ZCARD', key }, { 'ZCOUNT', key, 0, 0 },
  { 'ZRANGE', key, 0, 0 }, { 'ZREVRANGE', key, 0, 0 }, { 'ZRANGEBYSCORE', key, 0, 0 },
  { 'ZREVRANGEBYSCORE', key, 0, 0 }, { 'ZRANGEBYLEX', key, '-', '+' }, { 'ZLEXCOUNT', key, '-', '+' },
  { 'ZRANK', key, 1 }, { 'ZPOPMIN', key }, { 'BZPOPMIN', key, 1 }, { 'ZREMRANGEBYSCORE', key, 0, 0 },
  { 'ZREMRANGEBYRANK', key, 0, 0 },
  { 'XADD', key, '*', 'f', 1 }, { 'XLEN', key }, { 'XRANGE', key, '-', '+' }, { 'XREVRANGE', key, '+', '-' },
  { 'XREAD', 'STREAMS', key, 0 }, { 'XTRIM', key, 'MAXLEN', 0 }, { 'XDEL', key, '0-1' },
  { 'PEXPIREAT', key, 1 }, { 'DEL', key }, { 'UNLINK', key },
  { 'PUBLISH', ARGV[1], '' },
}
local refused = {}
for _, try in ipairs(tries) do
  local reply = redis.pcall(unpack(try))
  local err = type(reply) == 'table' and reply.err or ''
  if err:find('NOPERM', 1, true) or err:find('The user executing the script', 1, true)
    or err:find('Unknown Redis command', 1, true) then
    refused[#refused + 1] = try[1]
  end
end
return refused
