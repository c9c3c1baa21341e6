-- Counts one request in each of some classes, up to the first that refuses: what does not pass one limit takes nothing
-- from the next.
--
-- KEYS: one a class. ARGV: the time in microseconds, or "" for this server's; then, for each class, its kind, its
-- requests and its window in microseconds. The answer: for each class that was asked 1 (allowed) or 0, what remains,
-- and the microseconds until there is more.
--
-- This server's clock is the one that counts: those of the gateways need not agree. It may be set back; no state lies
-- further ahead than one window, so nobody waits longer than that.

local now, longer = tonumber(ARGV[1]), 3600000
if not now then
  local time = redis.call('TIME')
  now, longer = time[1] * 1000000 + time[2], 0
end

-- Gone as soon as it has no effect any more: memory is bounded by what happens in one window. A time that is given
-- stands still while this server's goes on, so what is kept then is kept longer.
local function keep(key, state, ends)
  redis.call('SET', key, state, 'PX', math.ceil((ends - now) / 1000) + longer)
end

-- The generic cell rate algorithm: the state is the time at which the burst would be whole again.
local function gcra(key, requests, window)
  local pace = math.floor(window / requests)
  local arrival = tonumber(redis.call('GET', key) or now)
  arrival = math.min(math.max(arrival, now), now + window)
  local wait = arrival - now - pace * (requests - 1)
  if wait > 0 then
    return 0, 0, wait
  end
  arrival = arrival + pace
  keep(key, string.format('%.0f', arrival), arrival)
  return 1, math.floor((pace * requests - (arrival - now)) / pace), pace
end

-- A window that begins with the key's first request: the state is its end, and how many were counted in it.
local function fixed_window(key, requests, window)
  local ends, used = now + window, 0
  local known_end, known_used = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
  if known_end and tonumber(known_end) > now then
    ends, used = math.min(tonumber(known_end), ends), tonumber(known_used)
  end
  if used >= requests then
    return 0, 0, ends - now
  end
  keep(key, string.format('%.0f %d', ends, used + 1), ends)
  return 1, requests - used - 1, ends - now
end

local kinds = { gcra = gcra, fixed_window = fixed_window }
local answer = {}
for index, key in ipairs(KEYS) do
  local at = 3 * index - 1
  local count = kinds[ARGV[at]]
  local allowed, remaining, wait = count(key, tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]))
  table.insert(answer, allowed)
  table.insert(answer, remaining)
  table.insert(answer, wait)
  if allowed == 0 then
    break
  end
end
return answer
