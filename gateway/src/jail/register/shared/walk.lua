-- Notes that a thing was looked at; answers 1 when it is one more than a window allows, else 0.
--
-- KEYS: the score, the things. ARGV: the time and the window in milliseconds, the thing's fingerprint, how many things a
-- window allows. Whole numbers of 32 bits: Redis keeps a set of them in four bytes each.

local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local thing, most = ARGV[3], tonumber(ARGV[4])

local began = tonumber(redis.call('HGET', KEYS[1], 'began') or -window)
if now >= began + window then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'began', ARGV[1])
  if redis.call('PTTL', KEYS[1]) < window then
    redis.call('PEXPIRE', KEYS[1], window)
  end
end
if redis.call('SISMEMBER', KEYS[2], thing) == 1 then
  return 0
end
if redis.call('SCARD', KEYS[2]) >= most then
  return 1
end
redis.call('SADD', KEYS[2], thing)
if redis.call('PTTL', KEYS[2]) < 0 then
  redis.call('PEXPIRE', KEYS[2], window)
end
return 0
