package io.bincard.reconciliation.books;

import java.util.Locale;

/**
 * What must be true of the journal. Each is a query for what contradicts it: where, the stream that
 * it is about if it is about one, and in words. Days that lie in the archive are passed over. A
 * rule keeps its name for ever: what came of it is stored by its word.
 */
public enum Rule {
  /** Of what is missing nobody knows whose it was. */
  POSITIONS_ARE_DENSE(
      """
      select 'position ' || position as place, case when position = before then stream end as stream,
        case when position = before then 'stands there twice' else 'comes after position ' || before end as words
      from (
        select position, stream, lag(position, 1, :first - 1) over (order by position) as before
        from event_journal where position >= :first
      ) e
      where position <> before + 1
      order by position
      """),

  /** A day's first position, which readers go by, and the ledger's head. */
  BOUNDS_ARE_TOLD(
      """
      select 'day ' || coalesce(told.day, found.day) as place, null as stream,
        'begins with position ' || coalesce(found.first::text, 'none') || ' and is said to begin with '
          || coalesce(told.first_position::text, 'none') as words
      from (select * from journal_day where first_position >= :first) told
      full join (
        select (created_at at time zone 'UTC')::date as day, min(position) as first
        from event_journal where position >= :first group by 1
      ) found using (day)
      where told.first_position is distinct from found.first
      union all
      select 'the head', null, 'says ' || head.position || ' of ' || head.created_at || ', and the last event is '
        || coalesce(last.position, :first - 1) || ' of ' || coalesce(last.created_at::text, 'no time')
      from ledger_head head
      left join (select position, created_at from event_journal order by position desc limit 1) last on true
      where head.position <> coalesce(last.position, :first - 1) or head.created_at < last.created_at
      """),

  TIME_NEVER_RUNS_BACKWARDS(
      """
      select 'position ' || position as place, stream, 'was made at ' || created_at || ', before ' || earlier as words
      from (
        select position, stream, created_at, lag(created_at) over (order by position) as earlier
        from event_journal where position >= :first
      ) e
      where created_at < earlier
      order by position
      """),

  SEQUENCES_ARE_DENSE(
      """
      select 'stream ' || stream as place, stream,
        coalesce('has ' || events || ' events, numbered ' || low || ' to ' || high, 'has no event')
          || case when s.born_position is null then ', and no birth' else ', born at position ' || s.born_position end as words
      from (
        select stream, count(*) as events, count(distinct sequence) as numbers, min(sequence) as low, max(sequence) as high,
          min(position) as first
        from event_journal where position >= :first group by stream
      ) e
      full join (select * from stream where born_position >= :first) s using (stream)
      where events is distinct from high - low + 1 or numbers <> events
        or (low = 0) is distinct from (s.born_position is not null) or (low = 0 and s.born_position <> first)
      order by stream
      """),

  EVENTS_STAND_IN_THE_ORDER_OF_THEIR_STREAM(
      """
      select 'position ' || position as place, stream, 'is number ' || sequence || ' behind number ' || before as words
      from (
        select position, stream, sequence, lag(sequence) over (partition by stream order by position) as before
        from event_journal where position >= :first
      ) e
      where sequence <> before + 1
      order by position
      """),

  /** Of items and holds: what an event says it is about is what its stream is about. */
  EVENTS_LIE_IN_THEIR_STREAM(
      """
      select 'position ' || position as place, stream, type || ' is about ' || coalesce(about, 'nothing') as words
      from (
        select position, stream, type,
          case
            when stream_type = 'stock-item' then 'stock:' || (payload ->> 'sku') || '@' || (payload ->> 'location')
            when stream_type = 'hold' then 'hold:' || (payload ->> 'hold')
          end as about
        from event_journal where position >= :first and stream_type in ('stock-item', 'hold')
      ) e
      where about is distinct from stream
      order by position
      """),

  /** As far back as receipts are kept. */
  EVENTS_HAVE_A_RECEIPT(
      """
      select 'position ' || e.last as place, e.stream,
        'the events of key ' || e.key || ' have ' || case when r.key is null then 'no receipt'
          else 'a receipt of status ' || r.status || ' as of position ' || coalesce(r.position::text, 'none') end as words
      from (
        select metadata ->> 'tenant' as tenant, metadata ->> 'client' as client, metadata ->> 'key' as key,
          max(position) as last, min(stream) as stream
        from event_journal
        where position >= :first and created_at >= (select coalesce(min(recorded_at), 'infinity') from command_receipt)
        group by 1, 2, 3
      ) e
      left join command_receipt r on r.tenant = e.tenant and r.client = e.client and r.key = e.key
      where r.key is null or r.position is null or r.position < e.last or r.status >= 300
      order by e.last
      """),

  RECEIPTS_ARE_OF_WHAT_THERE_IS(
      """
      select 'key ' || key as place, null as stream, 'was told position ' || position || ', beyond the head' as words
      from command_receipt where position > (select position from ledger_head)
      union all
      select 'key ' || key, null, 'has ' || count(*) || ' receipts'
      from command_receipt group by tenant, client, key having count(*) > 1
      """),

  /** An opening balance of an item is what the item's events before it come to. */
  OPENING_BALANCES_ADD_UP(
      """
      select 'the opening balance of ' || s.stream as place, s.stream,
        'says ' || coalesce(s.state ->> 'onHand', 'nothing') || ' on hand, and its events come to '
          || coalesce(e.on_hand::text, 'nothing') as words
      from stream_snapshot s
      join (
        select e.stream, sum(%1$s) as on_hand
        from event_journal e join stream_snapshot s using (stream)
        where e.stream_type = 'stock-item' and e.sequence <= s.sequence
        group by e.stream having min(e.sequence) = 0
      ) e on e.stream = s.stream
      where (s.state ->> 'onHand')::bigint is distinct from e.on_hand
      order by s.stream
      """
          .formatted(Rule.UNITS)),

  /** What reconciliation's own fold has of an item is what the item's events come to. */
  ITEMS_ADD_UP(
      """
      select 'item ' || substr(e.stream, 7) as place, e.stream,
        'has events that come to ' || coalesce(e.on_hand::text, 'nothing') || ' on hand, and reconciliation''s fold has '
          || coalesce(x.on_hand::text, 'no such item') as words
      from (
        select e.stream, sum(%1$s) as on_hand
        from event_journal e
        where e.stream_type = 'stock-item' and e.position between :first and (select position from expected_head)
        group by e.stream having min(e.sequence) = 0
      ) e
      left join expected_item x on x.key = 'availability:' || substr(e.stream, 7)
      where x.on_hand is distinct from e.on_hand
      order by e.stream
      """
          .formatted(Rule.UNITS)),

  /** What is promised of an item is never less than nothing, of items whose first event is here. */
  PROMISES_ARE_NEVER_BELOW_NOTHING(
      """
      select 'position ' || min(position) as place, stream, 'promises ' || min(promised) || ' units' as words
      from (
        select position, stream, sum(case type
            when 'stock-reserved' then (payload ->> 'quantity')::bigint
            when 'reservation-extended' then 0
            else -(payload ->> 'quantity')::bigint end) over (partition by stream order by sequence) as promised
        from event_journal join stream using (stream)
        where born_position >= :first and stream_type = 'stock-item'
          and type in ('stock-reserved', 'reservation-confirmed', 'reservation-extended', 'reservation-released', 'reservation-expired')
      ) e
      where promised < 0
      group by stream
      order by 1
      """),

  /** What a hold was placed for, and what of it was confirmed, is what its items were told. */
  LINES_OF_ORDERS_MATCH(
      """
      select 'order ' || coalesce(h.order_id, i.order_id, 'without a name') || ', hold ' || hold as place, stream,
        hold, coalesce(h.order_id, i.order_id) as order_id,
        'says ' || coalesce(h.units, 0) || ' ' || what || ', and the item ' || coalesce(i.units, 0) as words
      from (
        select payload ->> 'hold' as hold, min(payload ->> 'orderId') as order_id,
          case type when 'hold-placed' then 'reserved' else 'confirmed' end as what,
          'stock:' || (part ->> 'sku') || '@' || (part ->> 'location') as stream,
          sum((part ->> 'quantity')::bigint) as units
        from event_journal, json_array_elements(payload -> 'parts') as part
        where position >= :first and stream_type = 'hold' and type in ('hold-placed', 'hold-confirmed')
        group by 1, 3, 4
      ) h
      full join (
        select payload ->> 'hold' as hold, min(payload ->> 'orderId') as order_id,
          case type when 'stock-reserved' then 'reserved' else 'confirmed' end as what, stream,
          sum((payload ->> 'quantity')::bigint) as units
        from event_journal
        where position >= :first and stream_type = 'stock-item' and type in ('stock-reserved', 'reservation-confirmed')
        group by 1, 3, 4
      ) i using (hold, what, stream)
      where h.units is distinct from i.units
      order by 1, 2
      """),

  /** Of a hold that is over an item keeps nothing. */
  HOLDS_THAT_ARE_OVER_KEEP_NOTHING(
      """
      select 'order ' || coalesce(i.order_id, 'without a name') || ', hold ' || hold as place, i.stream, hold, i.order_id,
        'is over and keeps ' || i.units || ' units' as words
      from (
        select distinct payload ->> 'hold' as hold from event_journal
        where position >= :first and stream_type = 'hold' and (type in ('hold-released', 'hold-expired')
          or (type = 'hold-confirmed' and coalesce(payload ->> 'rest', 'release') = 'release'))
      ) over
      join (
        select payload ->> 'hold' as hold, stream, min(payload ->> 'orderId') as order_id,
          sum(case type when 'stock-reserved' then 1 else -1 end * (payload ->> 'quantity')::bigint) as units
        from event_journal
        where position >= :first and stream_type = 'stock-item'
          and type in ('stock-reserved', 'reservation-confirmed', 'reservation-released', 'reservation-expired')
        group by 1, 2 having min(case type when 'stock-reserved' then 0 else 1 end) = 0
      ) i using (hold)
      where i.units <> 0
      order by 1
      """);

  /** What an event of an item changes on hand. */
  private static final String UNITS =
      """
      case e.type
        when 'stock-item-registered' then (e.payload ->> 'openingQuantity')::bigint
        when 'stock-received' then (e.payload ->> 'quantity')::bigint
        when 'stock-returned' then (e.payload ->> 'quantity')::bigint
        when 'stock-deducted' then -(e.payload ->> 'quantity')::bigint
        when 'reservation-confirmed' then -(e.payload ->> 'quantity')::bigint
        when 'stock-adjusted' then (e.payload ->> 'delta')::bigint
        when 'stock-counted' then (e.payload ->> 'delta')::bigint
        else 0 end\
      """;

  private final String sql;

  Rule(String sql) {
    this.sql = sql;
  }

  /**
   * The query for what contradicts the rule: columns {@code place}, {@code stream}, {@code words},
   * and {@code hold} and {@code order_id} if it is {@link #isOfHolds of holds}. Its parameter
   * {@code first} is the first position that is not in the archive.
   */
  String sql() {
    return sql;
  }

  /** Whether it is about what orders hold. */
  boolean isOfHolds() {
    return this == LINES_OF_ORDERS_MATCH || this == HOLDS_THAT_ARE_OVER_KEEP_NOTHING;
  }

  /** As in reports, tables and metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Rule of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
