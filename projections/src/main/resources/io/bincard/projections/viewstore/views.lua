#!lua name=bincard_views

-- Every write to a view goes through this library. The store holds generations: rows and a mark each, under keys of their
-- own. The pointer, one hash, says which generation is live, which one it replaced, which one is being built, and the last
-- number given out. A mark is a hash with the epoch (a random name of the filling), the one writer whose rows are taken
-- ('live' for whoever follows the journal, the name of a run while one builds or catches up), until when that run may be
-- silent, and the position that the rows have reached. All values are absolute; there are no increments, so a call made
-- twice changes nothing twice.

local WRONG_WRITER = -1
local GAP = -2
local BEHIND = -3
local NO_DIGEST = '\0\0\0\0\0\0\0\0'

local function writable(key, epoch, writer)
  local mark = redis.call('HMGET', key, 'epoch', 'writer')
  return mark[1] == epoch and mark[2] == writer
end

local function millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A row may stand in sets, whose members are ordered by their bytes. Its field 'in' has a line for each, the set's name and
-- the member with a tab between them; it is the first one. Takes the row out of the sets that it leaves and puts it into
-- those that it comes to. The names of sets that it leaves are known from the row alone, so they are no KEYS.
-- A row may be forgotten at 'keptUntil', its field after that; a set then lives as long as its row that lives longest.
local function place(mark, row, before, args, at)
  local after, till = '', nil
  if args[at] == 'in' then
    after = args[at + 1]
    at = at + 2
  end
  if args[at] == 'keptUntil' then
    till = args[at + 1]
    redis.call('PEXPIREAT', row, till)
  end
  if after == before and not till then
    return
  end
  local prefix = string.match(mark, '^(.*:)')
  local stays = {}
  for line in string.gmatch(after, '[^\n]+') do
    stays[line] = true
  end
  for line in string.gmatch(before, '[^\n]+') do
    if not stays[line] then
      local set, member = string.match(line, '^([^\t]*)\t(.*)$')
      redis.call('ZREM', prefix .. set, member)
    end
  end
  for line in string.gmatch(after, '[^\n]+') do
    local set, member = string.match(line, '^([^\t]*)\t(.*)$')
    redis.call('ZADD', prefix .. set, 0, member)
    if till and redis.call('PEXPIRETIME', prefix .. set) < tonumber(till) then
      redis.call('PEXPIREAT', prefix .. set, till)
    end
  end
end

-- KEYS: mark, then rows. ARGV: epoch, writer, then for each row its version, the number of its fields, and field and value
-- in turn.
-- Writes each row whose version moves forward, or that is left over from another epoch; a row that is as new already
-- stays as it is.
-- Returns 1, or -1 if another writer's rows are taken, and nothing is written then.
local function put(keys, args)
  local epoch = args[1]
  if not writable(keys[1], epoch, args[2]) then
    return WRONG_WRITER
  end
  local at = 3
  for i = 2, #keys do
    local version = args[at]
    local last = at + 1 + 2 * tonumber(args[at + 1])
    local row = redis.pcall('HMGET', keys[i], 'epoch', 'version', 'in')
    local known = nil
    local before = ''
    if row.err == nil and row[1] == epoch then
      known = tonumber(row[2] or '')
      before = row[3] or ''
    else
      -- Another epoch's row, or no row at all: nothing of it may shine through.
      redis.call('DEL', keys[i])
    end
    if known == nil or known < tonumber(version) then
      redis.call('HSET', keys[i], 'epoch', epoch, 'version', version, unpack(args, at + 2, last))
      place(keys[1], keys[i], before, args, at + 2)
    end
    at = last + 1
  end
  return 1
end

-- KEYS: mark, row. ARGV: epoch, the version of the row as it was found ('' for none), lines of sets that the row must not stand
-- in, its version from now on ('' for no row), and if there is to be one the number of its fields, and field and value in turn.
-- Puts a row of the live generation right, whatever it was before, as long as nobody else has written it since it was found.
-- Returns 1, 0 if the row is of another version by now, -1 if the epoch is another one or the generation not live.
local function mend(keys, args)
  local epoch = args[1]
  if not writable(keys[1], epoch, 'live') then
    return WRONG_WRITER
  end
  local version = redis.pcall('HGET', keys[2], 'version')
  if (type(version) == 'string' and version or '') ~= args[2] then
    return 0
  end
  redis.call('DEL', keys[2])
  if args[4] ~= '' then
    redis.call('HSET', keys[2], 'epoch', epoch, 'version', args[4], unpack(args, 6, 5 + 2 * tonumber(args[5])))
  end
  place(keys[1], keys[2], args[3], args, 6)
  return 1
end

-- KEYS: mark, then rows. ARGV: epoch, writer, the number of the rows' fields and their names, then for each row its version
-- and values.
-- As put, but looks at no version: for a generation that nobody reads and one run alone writes, each row's states in order.
local function fill(keys, args)
  local epoch = args[1]
  if not writable(keys[1], epoch, args[2]) then
    return WRONG_WRITER
  end
  local fields = tonumber(args[3])
  local words = {'HSET', '', 'epoch', epoch, 'version', ''}
  for i = 1, fields do
    words[5 + 2 * i] = args[3 + i]
  end
  local at = 4 + fields
  for i = 2, #keys do
    words[2] = keys[i]
    words[6] = args[at]
    for j = 1, fields do
      words[6 + 2 * j] = args[at + j]
    end
    local before = words[7] == 'in' and redis.call('HGET', keys[i], 'in') or ''
    redis.call(unpack(words, 1, 6 + 2 * fields))
    place(keys[1], keys[i], before, words, 7)
    at = at + fields + 1
  end
  return 1
end

-- KEYS: mark, a key of its own. ARGV: epoch, writer.
-- The fence of a transaction that watches both: whoever is not the writer has its own transaction aborted.
-- Returns 1, or -1 if another writer's rows are taken.
local function guard(keys, args)
  if writable(keys[1], args[1], args[2]) then
    return 1
  end
  redis.call('INCR', keys[2])
  return WRONG_WRITER
end

-- KEYS: mark. ARGV: epoch, writer, the position before the first event of the batch, that of its last event, its time.
-- Moves the generation's position forward if no position is left out.
-- Returns 1 if the batch is in, -1 if another writer's are taken, -2 if events before the batch are missing here.
local function advance(keys, args)
  if not writable(keys[1], args[1], args[2]) then
    return WRONG_WRITER
  end
  local position = tonumber(redis.call('HGET', keys[1], 'position'))
  if position < tonumber(args[3]) then
    return GAP
  end
  if position < tonumber(args[4]) then
    redis.call('HSET', keys[1], 'position', args[4], 'positionMillis', args[5])
  end
  return 1
end

-- KEYS: pointer, mark of the new generation. ARGV: its number, epoch, writer, milliseconds that the writer may be silent,
-- the position to reach.
-- Begins the next generation, which gives up the one kept for going back.
-- Returns 1 if begun, 0 if the number is not the next one or one is being built.
local function begin(keys, args)
  local pointer = redis.call('HMGET', keys[1], 'last', 'building')
  if tonumber(pointer[1] or '0') ~= tonumber(args[1]) - 1 or pointer[2] then
    return 0
  end
  redis.call('DEL', keys[2])
  redis.call('HSET', keys[2], 'epoch', args[2], 'writer', args[3], 'until', string.format('%.0f', millis() + args[4]),
    'position', '0', 'positionMillis', '0', 'target', args[5])
  redis.call('HSET', keys[1], 'last', args[1], 'building', args[1])
  redis.call('HDEL', keys[1], 'previous')
  return 1
end

-- KEYS: mark. ARGV: epoch, writer, milliseconds that it may be silent, the position to reach.
-- Makes a run the writer of a generation that is not live, or keeps it so. Whoever was the writer before can write no more.
-- Returns 1, or 0 if the generation is live or gone, or another run has not been silent for long enough.
local function claim(keys, args)
  local mark = redis.call('HMGET', keys[1], 'epoch', 'writer', 'until')
  local now = millis()
  if mark[1] ~= args[1] or mark[2] == 'live'
      or (mark[2] ~= args[2] and mark[2] ~= '' and tonumber(mark[3] or '0') > now) then
    return 0
  end
  redis.call('HSET', keys[1], 'writer', args[2], 'until', string.format('%.0f', now + args[3]), 'target', args[4])
  return 1
end

-- KEYS: mark. ARGV: epoch, writer. Lets another run go on at once.
local function release(keys, args)
  if writable(keys[1], args[1], args[2]) then
    redis.call('HSET', keys[1], 'writer', '', 'until', '0')
  end
  return 1
end

-- KEYS: pointer, mark of the generation that is to be live, mark of the one that is. ARGV: the first one's number, epoch and
-- writer, the second one's number ('' for none); and, if its rows were compared with the ledger, up to which position and when.
-- Makes a generation live, in one step for every reader, and keeps the one before.
-- Returns 1, 0 if another one is live than the caller saw, -1 if another writer's rows are taken, -3 if the live one is
-- further than the new one.
local function switch(keys, args)
  if (redis.call('HGET', keys[1], 'live') or '') ~= args[4] then
    return 0
  end
  if not writable(keys[2], args[2], args[3]) then
    return WRONG_WRITER
  end
  if args[4] ~= '' then
    local reached = tonumber(redis.call('HGET', keys[3], 'position') or '0')
    if reached > tonumber(redis.call('HGET', keys[2], 'position')) then
      return BEHIND
    end
    redis.call('HSET', keys[3], 'writer', '', 'until', '0')
    redis.call('HSET', keys[1], 'previous', args[4])
  end
  redis.call('HSET', keys[2], 'writer', 'live')
  redis.call('HDEL', keys[2], 'until', 'target')
  if args[5] then
    redis.call('HSET', keys[2], 'verifiedPosition', args[5], 'verifiedMillis', args[6])
  end
  redis.call('HSET', keys[1], 'live', args[1], 'switched', string.format('%.0f', millis()))
  if redis.call('HGET', keys[1], 'building') == args[1] then
    redis.call('HDEL', keys[1], 'building')
  end
  return 1
end

-- KEYS: pointer, mark. ARGV: the generation's number, its epoch ('' if its mark is lost).
-- Gives a generation up, whatever it was; its rows are nobody's from here on.
-- Returns 1, or 0 if the epoch is another one.
local function drop(keys, args)
  if (redis.call('HGET', keys[2], 'epoch') or '') ~= args[2] then
    return 0
  end
  for _, role in ipairs({'live', 'previous', 'building'}) do
    if redis.call('HGET', keys[1], role) == args[1] then
      redis.call('HDEL', keys[1], role)
    end
  end
  redis.call('DEL', keys[2])
  return 1
end

-- KEYS: pointer, then any keys. ARGV: for each of those the number of its generation.
-- Removes the keys of generations that are nothing to the pointer. Returns how many.
local function remove(keys, args)
  local kept = {}
  for _, number in ipairs(redis.call('HMGET', keys[1], 'live', 'previous', 'building')) do
    if number then
      kept[number] = true
    end
  end
  local removed = 0
  for i = 2, #keys do
    if not kept[args[i - 1]] then
      removed = removed + redis.call('UNLINK', keys[i])
    end
  end
  return removed
end

local ROWS = {['availability:'] = true, ['hold:'] = true, ['sku:'] = true}

-- ARGV: where to go on, what all keys of the generation begin with, how many keys to look at, and members of a set to be given at
-- most. Changes nothing.
-- Returns where to go on then; keys of rows; for each of them 8 bytes, the checksum that Redis puts at the end of a dump of it, the
-- same for the same fields in the same order; sets, each as its key, the number of its members, and those; keys of sets that have
-- more; other keys.
local function scan(_, args)
  local call, pcall, match, sub = redis.call, redis.pcall, string.match, string.sub
  local page = call('SCAN', args[1], 'MATCH', args[2] .. '*', 'COUNT', args[3])
  local at, most = #args[2] + 1, tonumber(args[4])
  local rows, digests, sets, large, others = {}, {}, {}, {}, {}
  local last = 0
  for _, key in ipairs(page[2]) do
    if ROWS[match(key, '^[a-z]+:', at)] then
      local dump = call('DUMP', key)
      rows[#rows + 1] = key
      digests[#rows] = dump and sub(dump, -8) or NO_DIGEST
    else
      local members = pcall('ZRANGE', key, 0, most)
      if members.err then
        others[#others + 1] = key
      elseif #members > most then
        large[#large + 1] = key
      else
        sets[last + 1], sets[last + 2] = key, #members
        last = last + 2
        for i, member in ipairs(members) do
          sets[last + i] = member
        end
        last = last + #members
      end
    end
  end
  return {page[1], rows, table.concat(digests), sets, large, others}
end

-- KEYS: rows. Changes nothing. Returns for each 8 bytes as the scan does, zeros for what is not there.
local function digests(keys)
  local all = {}
  for i, key in ipairs(keys) do
    local dump = redis.call('DUMP', key)
    all[i] = dump and string.sub(dump, -8) or NO_DIGEST
  end
  return table.concat(all)
end

-- KEYS: mark. ARGV: epoch, a position, milliseconds.
-- Says that every row that has not changed since the position was compared with the ledger at that time or later.
-- Returns 1, or -1 if the epoch is another one or the generation not live.
local function verified(keys, args)
  if not writable(keys[1], args[1], 'live') then
    return WRONG_WRITER
  end
  redis.call('HSET', keys[1], 'verifiedPosition', args[2], 'verifiedMillis', args[3])
  return 1
end

redis.register_function('views_put', put)
redis.register_function('views_mend', mend)
redis.register_function('views_fill', fill)
redis.register_function('views_guard', guard)
redis.register_function('views_advance', advance)
redis.register_function('views_begin', begin)
redis.register_function('views_claim', claim)
redis.register_function('views_release', release)
redis.register_function('views_switch', switch)
redis.register_function('views_drop', drop)
redis.register_function('views_remove', remove)
redis.register_function('views_verified', verified)
redis.register_function{function_name = 'views_scan', callback = scan, flags = {'no-writes'}}
redis.register_function{function_name = 'views_digests', callback = digests, flags = {'no-writes'}}
