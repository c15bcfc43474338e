'use strict';

/*
 * Follows the stream of chosen items with the browser's own EventSource. Two things that it cannot
 * see are asked for: why a stream was refused, and, by a plain question at intervals, whether what
 * is shown is still so. What comes from outside is shown as text and never as markup.
 */
(() => {
  const FIRST_CHECK_MILLIS = 3_000;
  const CHECK_MILLIS = 15_000;
  const CHECK_PATIENCE_MILLIS = 5_000;
  const STALE_MILLIS = 40_000;
  const FIRST_DELAY_MILLIS = 500;
  const LONGEST_DELAY_MILLIS = 15_000;
  const ANNOUNCE_MILLIS = 2_000;

  const byId = (id) => document.getElementById(id);
  const number = new Intl.NumberFormat('en-GB');
  const asked = new URLSearchParams(window.location.search);
  const place = (asked.get('location') ?? '').trim() || 'MAIN';
  const skus = [...new Set((asked.get('skus') ?? '').split(',').map((sku) => sku.trim()).filter(Boolean))];
  const query = `skus=${skus.map(encodeURIComponent).join(',')}&location=${encodeURIComponent(place)}`;

  const rows = new Map();
  let source = null;
  let reopening = 0;
  let failures = 0;
  let complete = false;
  let everLive = false;
  let newsAt = Date.now();
  let checkedAt = 0;
  let position = 0;
  let updates = 0;
  let resyncs = 0;
  let behindAt = 0;
  let refused = false;
  let announced = 0;
  let toAnnounce = '';

  // What is shown

  const COLUMNS = [
    ['available', 'Available'], ['onHand', 'On hand'], ['reserved', 'Reserved'], ['version', 'Version'],
    ['asOfPosition', 'As of'], ['changed', 'Last change'],
  ];

  function addRow(sku) {
    const tr = document.createElement('tr');
    tr.setAttribute('role', 'row');
    const th = document.createElement('th');
    th.setAttribute('role', 'rowheader');
    th.scope = 'row';
    th.textContent = sku;
    tr.append(th);
    const cells = {};
    for (const [name, label] of COLUMNS) {
      const td = document.createElement('td');
      td.setAttribute('role', 'cell');
      td.dataset.label = label;
      td.className = name === 'changed' ? 'aside' : name === 'available' || name === 'onHand' || name === 'reserved' ? 'number' : 'number aside';
      td.classList.add(name);
      tr.append(td);
      cells[name] = td;
    }
    tr.dataset.sku = sku;
    byId('rows').append(tr);
    const row = { sku, tr, th, cells, item: null, changedAt: 0 };
    rows.set(sku, row);
    blank(row, 'waiting', '…');
  }

  function blank(row, kind, word) {
    row.item = null;
    row.changedAt = 0;
    row.tr.className = kind;
    row.th.textContent = row.sku;
    for (const [name] of COLUMNS) {
      row.cells[name].textContent = name === 'available' ? word : '–';
    }
  }

  function show(item, isChange) {
    const row = rows.get(item.sku);
    if (!row || item.location !== place) {
      return;
    }
    const before = row.item;
    row.item = item;
    row.tr.className = item.available > 0 ? '' : 'none';
    row.th.textContent = row.sku;
    if (item.frozen) {
      const chip = document.createElement('span');
      chip.className = 'chip';
      chip.textContent = 'frozen';
      row.th.append(chip);
    }
    for (const name of ['available', 'onHand', 'reserved', 'version', 'asOfPosition']) {
      row.cells[name].textContent = number.format(item[name]);
    }
    if (isChange) {
      const difference = before ? item.available - before.available : 0;
      if (difference !== 0) {
        const delta = document.createElement('span');
        delta.className = difference > 0 ? 'delta up' : 'delta down';
        delta.textContent = (difference > 0 ? '+' : '−') + number.format(Math.abs(difference));
        row.cells.available.prepend(delta);
      }
      row.changedAt = Date.now();
      void row.tr.offsetWidth; // so that the animation begins again
      row.tr.classList.add('fresh');
      updates += 1;
      toAnnounce = `${item.sku}: ${number.format(item.available)} available`;
    }
    paint();
  }

  function ago(millis) {
    const seconds = Math.max(0, Math.round((Date.now() - millis) / 1000));
    return seconds < 2 ? 'just now' : seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
  }

  function paint() {
    const now = Date.now();
    const stale = now - newsAt >= STALE_MILLIS;
    const live = source?.readyState === EventSource.OPEN && complete;
    let state = 'reconnecting';
    let words = everLive ? 'reconnecting' : 'connecting';
    if (refused) {
      state = 'refused';
      words = 'not following';
    } else if (stale) {
      state = 'stale';
      words = `stale since ${new Date(newsAt).toLocaleTimeString('en-GB')}`;
    } else if (live) {
      state = 'live';
      words = 'live';
    }
    const badge = byId('badge');
    if (badge.textContent !== words) { // or screen readers would repeat it every second
      badge.textContent = words;
      badge.dataset.state = state;
    }
    byId('stock').classList.toggle('doubtful', state !== 'live');
    const asOf = Math.max(0, ...[...rows.values()].map((row) => row.item?.asOfPosition ?? 0));
    byId('position').textContent = asOf ? number.format(asOf) : '–';
    byId('updates').textContent = number.format(updates);
    byId('resyncs').textContent = number.format(resyncs);
    byId('checked').textContent = checkedAt ? ago(checkedAt) : '–';
    for (const row of rows.values()) {
      if (row.item) {
        row.cells.changed.textContent = row.changedAt ? ago(row.changedAt) : 'before you came';
      }
    }
    if (toAnnounce && now - announced >= ANNOUNCE_MILLIS) {
      announced = now;
      byId('announcement').textContent = toAnnounce;
      toAnnounce = '';
    }
  }

  function problem(words) {
    byId('problem').textContent = words;
    byId('problem').hidden = !words;
  }

  // The stream

  function open(resume) {
    clearTimeout(reopening);
    reopening = 0;
    source?.close();
    const stream = new EventSource(`v1/stock/stream?${query}${resume}`);
    source = stream;
    const on = (type, handle) => stream.addEventListener(type, (event) => {
      if (source === stream) { // or it is one that was left
        newsAt = Date.now();
        handle(JSON.parse(event.data), Number(event.lastEventId), event);
      }
    });
    on('snapshot', (item) => {
      begun();
      show(item, false);
    });
    on('stock', (item, id) => {
      begun();
      position = Math.max(position, id);
      show(item, true);
    });
    on('unknown', ({ sku }) => {
      begun();
      const row = rows.get(sku);
      if (row) {
        blank(row, 'unknown', 'unknown');
      }
    });
    on('resync', () => {
      resyncs += 1;
      dropAll();
    });
    on('redirect', ({ token }, id) => {
      complete = false;
      const from = id > 0 ? `&lastEventId=${id}` : '';
      open(`${from}&redirectToken=${encodeURIComponent(token)}`);
    });
    stream.onopen = () => {
      if (source === stream) {
        newsAt = Date.now();
        complete = [...rows.values()].every((row) => !row.tr.classList.contains('waiting'));
        paint();
      }
    };
    stream.onerror = () => {
      if (source === stream) {
        complete = false;
        failures += 1;
        if (stream.readyState === EventSource.CLOSED) {
          explain();
        }
        paint();
      }
    };
    paint();
  }

  function begun() {
    failures = 0;
    complete = true;
    everLive = true;
    problem('');
  }

  function dropAll() {
    position = 0;
    complete = false;
    rows.forEach((row) => blank(row, 'waiting', '…'));
    paint();
  }

  /** An EventSource that was refused does not say why; the same question, asked plainly, does. */
  async function explain() {
    const ended = source;
    const stop = new AbortController();
    let wait = Math.random() * Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS * 2 ** Math.min(failures, 10));
    try {
      const answer = await fetch(`v1/stock/stream?${query}`, {
        headers: { Accept: 'text/event-stream' }, signal: stop.signal, cache: 'no-store',
      });
      if (!answer.ok) {
        const { title, detail } = await answer.json().catch(() => ({ title: `The server said ${answer.status}` }));
        const words = [title, detail].filter(Boolean).join(': ').replace(/[^.!?]$/, '$&.');
        if (answer.status === 400) {
          refused = true;
          problem(`${words} Change the SKUs or the location and follow again.`);
        } else {
          wait += 1000 * (Number(answer.headers.get('Retry-After')) || 1);
          problem(`${words} This page tries again by itself.`);
        }
      }
    } catch {
      // Nobody is there; the badge says so.
    } finally {
      stop.abort();
    }
    if (source === ended && !refused) {
      reopening = setTimeout(() => open(position ? `&lastEventId=${position}` : ''), wait);
    }
    paint();
  }

  // The check

  async function check() {
    if (refused) {
      return;
    }
    try {
      const answer = await fetch(`v1/stock?${query}`, { signal: AbortSignal.timeout(CHECK_PATIENCE_MILLIS), cache: 'no-store' });
      if (!answer.ok) {
        return;
      }
      const { items } = await answer.json();
      checkedAt = Date.now();
      let behind = false;
      for (const item of items) {
        const row = rows.get(item.sku);
        if (row && item.version > (row.item?.version ?? -1)) {
          behind = true;
        } else if (row?.item && item.asOfPosition > row.item.asOfPosition && item.version === row.item.version) {
          row.item.asOfPosition = item.asOfPosition;
          row.cells.asOfPosition.textContent = number.format(item.asOfPosition);
        }
      }
      if (!behind) {
        behindAt = 0;
        newsAt = checkedAt; // what is shown is what there is
      } else if (source?.readyState !== EventSource.OPEN) {
        behindAt = 0; // of course it is
      } else if (behindAt) { // twice: the stream has missed something
        behindAt = 0;
        resyncs += 1;
        dropAll();
        open('');
      } else {
        behindAt = checkedAt;
      }
    } catch {
      // The badge turns stale in time.
    }
    paint();
  }

  byId('skus').value = skus.join(', ');
  byId('location').value = place;
  byId('where').textContent = place;
  byId('choice').addEventListener('submit', () => problem(''));
  if (skus.length === 0) {
    byId('welcome').hidden = false;
    byId('skus').focus();
    return;
  }
  byId('stock').hidden = false;
  document.title = `${skus.length === 1 ? skus[0] : `${skus.length} items`} · Live stock · Bincard`;
  skus.forEach(addRow);
  open('');
  setInterval(paint, 1_000);
  setTimeout(check, FIRST_CHECK_MILLIS);
  setInterval(check, CHECK_MILLIS);
})();
