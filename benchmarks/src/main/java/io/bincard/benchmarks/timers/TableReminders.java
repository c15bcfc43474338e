package io.bincard.benchmarks.timers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * db-scheduler: a row of PostgreSQL a key, which outlives the process. It polls as often as it is
 * of use here, by the strategy that its makers recommend for many executions.
 */
final class TableReminders implements Reminders {

  private static final String TABLE =
      """
      drop table if exists scheduled_tasks;
      create table scheduled_tasks (
        task_name text not null, task_instance text not null, task_data bytea,
        execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
        last_success timestamp with time zone, last_failure timestamp with time zone,
        consecutive_failures int, last_heartbeat timestamp with time zone, version bigint not null,
        priority smallint, primary key (task_name, task_instance));
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)
      """;

  private static final int THREADS = 8;
  private static final Duration POLL = Duration.ofMillis(10);
  private static final double LOWER = 1;
  private static final double UPPER = 8;
  private static final String NAME = "reminder";

  private final HikariDataSource dataSource;
  private final OneTimeTask<Void> task;
  private final Scheduler scheduler;
  private final Instant begin = Instant.now();
  private final long beginNanos = System.nanoTime();

  TableReminders(String url, IntConsumer told) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(THREADS + 2);
    dataSource = new HikariDataSource(config);
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    task = Tasks.oneTime(NAME).execute((key, _) -> told.accept(Integer.parseInt(key.getId())));
    scheduler =
        Scheduler.create(dataSource, task)
            .threads(THREADS)
            .pollingInterval(POLL)
            .pollUsingLockAndFetch(LOWER, UPPER)
            .build();
    scheduler.start();
  }

  private SchedulableInstance<Void> instance(int key, long at) {
    return SchedulableInstance.of(
        task.instance(Integer.toString(key)), begin.plusNanos(at - beginNanos));
  }

  @Override
  public void set(int key, long at) {
    scheduler.schedule(instance(key, at));
  }

  @Override
  public void setAll(int first, long[] at) {
    scheduler.scheduleBatch(
        IntStream.range(0, at.length).mapToObj(i -> instance(first + i, at[i])));
  }

  @Override
  public void cancel(int key) {
    scheduler.cancel(TaskInstanceId.of(NAME, Integer.toString(key)));
  }

  @Override
  public void close() {
    scheduler.stop();
    dataSource.close();
  }
}
