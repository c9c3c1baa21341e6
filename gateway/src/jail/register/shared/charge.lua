-- Adds points to a score, and begins a ban where they are too many.
--
-- KEYS: the score, the things, the ban, the events. ARGV: see `SharedRegister::charge`. Times are milliseconds, of the
-- caller's clock, as the ends of bans are compared with it. The answer: nothing, or the event's id, the ban's end and
-- how many there have been in a row.

local now, points = tonumber(ARGV[1]), tonumber(ARGV[2])
local threshold, decay = tonumber(ARGV[3]), tonumber(ARGV[4])
local first, longest, memory = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local who, offence, most_events = ARGV[8], ARGV[9], ARGV[10]
-- A point, in the unit of the account: it drains in a minute, millisecond by millisecond.
local UNIT = 60000

local ban = redis.call('HMGET', KEYS[3], 'until', 'count')
local ends, earlier = tonumber(ban[1] or 0), tonumber(ban[2] or 0)
if now < ends then
  return nil
end

local score = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(score[1] or 0), tonumber(score[2] or now)
level = math.max(0, level - math.max(0, now - at) * decay) + points * UNIT
if level < threshold * UNIT then
  -- A clock that was set back must not make the same minutes drain twice.
  redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level), 'at', string.format('%.0f', math.max(at, now)))
  -- Gone when it has drained, unless things are noted for longer; the callers' clocks may differ by some seconds.
  local drained = math.ceil(level / decay) + 10000
  if redis.call('PTTL', KEYS[1]) < drained then
    redis.call('PEXPIRE', KEYS[1], drained)
  end
  return nil
end

redis.call('DEL', KEYS[1], KEYS[2])
if now >= ends + memory then
  earlier = 0
end
local length = math.min(first * 2 ^ earlier, longest)
local till, count = string.format('%.0f', now + length), earlier + 1
redis.call('HSET', KEYS[3], 'until', till, 'count', count)
redis.call('PEXPIRE', KEYS[3], length + memory)
local id = redis.call('XADD', KEYS[4], 'MAXLEN', '~', most_events, '*',
  'who', who, 'until', till, 'count', count, 'offence', offence)
redis.call('PEXPIRE', KEYS[4], longest + memory)
return { id, till, count }
