package io.bincard.application.discount;

import io.bincard.application.discount.PolicyReloads.Outcome;
import io.bincard.application.discount.PolicyTimeline.Moment;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyError;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyFolder;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.application.policy.PolicyTrial;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyCommand;
import io.bincard.domain.register.PolicyCommand.RejectPolicy;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.stock.ExpectedVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;

/**
 * Puts a policy in force when its files change, in the node that leads.
 *
 * <p>Files are read when nobody has changed them for a while, for half of a policy can be a policy,
 * too. What is read is made ready and tried out on carts beside the version in force, and then
 * handed to the ledger as a command; if anything fails, that version stays. What was commanded
 * after the files were changed goes before them: a restart does not put a version in force again
 * that somebody has gone back behind by command.
 */
public final class PolicyWatcher implements SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(PolicyWatcher.class);

  /** After the writer, which is at 0. */
  private static final int PHASE = 1;

  private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

  /** More of what a failure says is not kept. */
  private static final int MAX_FAILURE = 200;

  private final PolicyFolder folder;
  private final PolicyProperties policies;
  private final CommandGateway gateway;
  private final SingleWriterCommandBus writer;
  private final PolicyTimeline timeline;
  private final PolicyShelf shelf;
  private final RecentCarts carts;
  private final InstantSource clock;
  private final PolicyReloads reloads;
  private volatile @Nullable Thread thread;

  /** The print of the files that were dealt with last; the same are not dealt with twice. */
  private @Nullable List<Fingerprint> done;

  /** The print of the files that were tried last. */
  private @Nullable List<Fingerprint> tried;

  /** The version of the register when these files were tried first: they are as new as that. */
  private long asOf;

  /** Whether to look again although nothing changed. */
  private boolean pending = true;

  /** Whether the files may be older than what was commanded while nobody watched them. */
  private boolean maybeOlder = true;

  /** What was logged last about what fails or lacks; the same is not logged twice. */
  private String trouble = "";

  private String lack = "";

  /**
   * What lies in the folder.
   *
   * @param print equal for equal files
   * @param errors why they cannot be read; none if they can
   * @param passing whether they may be readable later without a change
   */
  private record Found(
      List<Fingerprint> print, List<PolicyFile> files, List<PolicyError> errors, boolean passing) {

    static Found of(List<PolicyFile> files) {
      List<Fingerprint> print =
          files.stream()
              .map(file -> Fingerprint.of(file.layer() + " " + file.name(), file.content()))
              .toList();
      return new Found(print, files, List.of(), false);
    }

    static Found of(PolicyFolder.UnreadableException e) {
      Fingerprint print = Fingerprint.of("unreadable", e.errors().toString());
      return new Found(List.of(print), List.of(), e.errors(), e.isPassing());
    }

    boolean isEmpty() {
      return files.isEmpty() && errors.isEmpty();
    }
  }

  /** The program fails on files that it should use or refuse. */
  private static final class UnusableException extends RuntimeException {

    private final String expected;

    UnusableException(String expected, Throwable cause) {
      super(cause);
      this.expected = expected;
    }
  }

  /**
   * Watches the folder that {@code policies} name.
   *
   * @throws IllegalArgumentException if they name none
   */
  public PolicyWatcher(
      PolicyProperties policies,
      CommandGateway gateway,
      SingleWriterCommandBus writer,
      PolicyTimeline timeline,
      PolicyShelf shelf,
      RecentCarts carts,
      InstantSource clock,
      PolicyReloads reloads) {
    PolicyFolder watched = policies.watched();
    if (watched == null) {
      throw new IllegalArgumentException("there is no folder of policies to be watched");
    }
    this.folder = watched;
    this.policies = policies;
    this.gateway = gateway;
    this.writer = writer;
    this.timeline = timeline;
    this.shelf = shelf;
    this.carts = carts;
    this.clock = clock;
    this.reloads = reloads;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().daemon().name("ledger-policies").start(this::watch);
  }

  @Override
  public void stop() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join(STOP_WITHIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  private void watch() {
    Quiet quiet = new Quiet(policies.moved(), policies.written(), policies.longestChange());
    while (!Thread.currentThread().isInterrupted()) {
      try (FolderWatch watch =
          new FolderWatch(folder, quiet, policies.moved(), policies.lookEvery())) {
        boolean changed = true;
        while (!Thread.currentThread().isInterrupted()) {
          tellOfLack(watch.seen());
          if (changed || pending) {
            takeOrTell(watch);
          }
          changed = watch.rests();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        tellOnce(Level.ERROR, "The folder of policies cannot be watched; trying again", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(policies.lookEvery().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellOfLack(PolicyFolder.Stamp seen) {
    String now =
        seen.folders().isEmpty()
            ? "The folder of policies is not there"
            : seen.files().isEmpty() ? "The folder of policies has no file of a policy" : "";
    if (!now.equals(lack) && !now.isEmpty()) {
      logger
          .atWarn()
          .addKeyValue("folder", folder.folder())
          .addKeyValue("environment", folder.environment())
          .log(now);
    }
    lack = now;
  }

  private void takeOrTell(FolderWatch watch) throws InterruptedException {
    try {
      take(watch);
    } catch (RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        tellOnce(Level.WARN, "Policies cannot be handed to the ledger; trying again", e);
      }
    } catch (Error e) {
      pending = false; // whoever runs out of memory does so again, and not alone
      tellOnce(Level.ERROR, "Policies are not tried again before their files change", e);
    }
  }

  private void tellOnce(Level level, String message, Throwable cause) {
    if (isNews(message + cause)) {
      logger.atLevel(level).setCause(cause).log(message);
    }
  }

  private boolean isNews(String now) {
    boolean news = !now.equals(trouble);
    trouble = now;
    return news;
  }

  /** Takes what lies in the folder to the ledger, if this node leads it. */
  private void take(FolderWatch watch) throws InterruptedException {
    pending = true;
    if (writer.isFollowing()) {
      done = null;
      tried = null;
      maybeOlder = true;
      return;
    }
    long began = System.nanoTime();
    Found found = find();
    if (found == null || !watch.stillRests()) {
      return;
    }
    if (!found.isEmpty() && !found.print().equals(done)) {
      Outcome outcome = Outcome.FAILED;
      try {
        outcome = deal(found);
      } finally {
        reloads.ended(outcome, began);
      }
      if (outcome == Outcome.FAILED) {
        return;
      }
      // Files that are gone for a while and come back are no change.
      done = found.print();
      maybeOlder = false;
      if (outcome != Outcome.REFUSED) {
        trouble = "";
      }
    }
    pending = found.passing();
  }

  /** What lies in the folder; {@code null} while that cannot be said. */
  private @Nullable Found find() {
    try {
      return Found.of(folder.read());
    } catch (PolicyFolder.UnreadableException e) {
      return Found.of(e);
    } catch (PolicyFolder.LockedFileException e) {
      logger.atDebug().setCause(e).log("Policies are being written");
      return null;
    } catch (IOException e) {
      logger.atDebug().setCause(e).log("Policies went away while they were read");
      return null;
    }
  }

  private Outcome deal(Found found) throws InterruptedException {
    if (!found.print().equals(tried)) {
      asOf = timeline.now().version();
      tried = found.print();
    }
    if (!found.errors().isEmpty()) {
      return refuse(found.errors(), null);
    }
    try {
      PolicyReading reading =
          attempt("a policy that can be read", () -> PolicyReader.read(found.files()));
      return switch (reading) {
        case PolicyReading.Read(DiscountPolicy policy) -> activate(policy);
        case PolicyReading.Refused(List<PolicyError> errors) -> refuse(errors, null);
      };
    } catch (UnusableException e) {
      String failure = String.valueOf(e.getCause());
      PolicyError error =
          new PolicyError(
              culprits(found.files()),
              0,
              "",
              e.expected,
              failure.substring(0, Math.min(failure.length(), MAX_FAILURE)));
      // A thousand frames of the same tell nothing.
      return refuse(List.of(error), e.getCause() instanceof StackOverflowError ? null : e);
    }
  }

  /** The files that cannot be read even alone. */
  private static String culprits(List<PolicyFile> files) {
    String names =
        files.stream()
            .filter(PolicyWatcher::breaksTheReader)
            .map(PolicyFile::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "all files together" : names;
  }

  private static boolean breaksTheReader(PolicyFile file) {
    try {
      PolicyReader.read(List.of(file));
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      logger.atDebug().setCause(e).log("A file of a policy breaks its reader");
      return true;
    }
  }

  /** What {@code step} makes of the files. */
  private static <T> T attempt(String expected, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException | StackOverflowError e) {
      throw new UnusableException(expected, e);
    }
  }

  private Outcome activate(DiscountPolicy policy) throws InterruptedException {
    CanonicalPolicy canonical =
        attempt("a policy that can be written down", () -> CanonicalPolicy.of(policy));
    PolicyFingerprint fingerprint = canonical.fingerprint();
    PolicyTimeline.Known known = timeline.known();
    PolicyRegister register = known.now();
    PolicyFingerprint old = register.inForce();
    if (fingerprint.equals(old)) {
      return Outcome.UNCHANGED;
    }
    if (known.moments().stream().anyMatch(moment -> goesBeforeTheFiles(moment, fingerprint))) {
      logger
          .atWarn()
          .addKeyValue("fingerprint", fingerprint)
          .addKeyValue("inForce", old)
          .log(
              "The files of the policy are older than the version in force; it stays so until a file"
                  + " changes or their version is activated by command");
      return Outcome.OLDER;
    }
    PolicyVersion before = old == null ? null : shelf.find(old).orElse(null);
    PolicyVersion version =
        attempt("a policy that can be made ready", () -> new PolicyVersion(fingerprint, policy));
    PolicyTrial trial =
        attempt(
            "a policy that prices every cart",
            () -> PolicyTrial.of(version, before, carts.all(), clock.instant()));
    shelf.prepare(version);
    if (!send(
        "activate-policy",
        new PolicyCommand.ActivatePolicy(fingerprint, canonical.json()),
        "policy-" + fingerprint + "-" + register.version(),
        register.version())) {
      return Outcome.FAILED;
    }
    logger
        .atInfo()
        .addKeyValue("fingerprint", fingerprint)
        .addKeyValue("predecessor", old)
        .addKeyValue("rules", policy.rules().size())
        .addKeyValue("triedOn", trial.carts())
        .addKeyValue("otherPrices", trial.changed())
        .addKeyValue("before", trial.before())
        .addKeyValue("after", trial.after())
        .log("A policy is in force");
    return Outcome.ACTIVATED;
  }

  /** Whether {@code moment} put a version in force later than the files were changed. */
  private boolean goesBeforeTheFiles(Moment moment, PolicyFingerprint ofTheFiles) {
    return moment.event() instanceof PolicyActivated activated
        && (moment.version() > asOf || (maybeOlder && activated.fingerprint().equals(ofTheFiles)));
  }

  private Outcome refuse(List<PolicyError> errors, @Nullable Throwable cause)
      throws InterruptedException {
    List<String> told = errors.stream().map(PolicyError::toString).toList();
    if (isNews("refused" + told)) {
      logger
          .atWarn()
          .setCause(cause)
          .addKeyValue("errors", errors.size())
          .addKeyValue("first", told.getFirst())
          .log("Policy files are refused; the version in force stays");
    }
    RejectPolicy rejection = new RejectPolicy(told);
    PolicyTimeline.Known known = timeline.known();
    if (!known.moments().isEmpty()
        && known.moments().getLast().event() instanceof PolicyRejected(var last)
        && last.equals(rejection.errors())) {
      return Outcome.REFUSED; // the same files, found again by a restart
    }
    long version = known.now().version();
    return send("reject-policy", rejection, "policy-rejected-" + version, version)
        ? Outcome.REFUSED
        : Outcome.FAILED;
  }

  /**
   * Sends {@code command} to the writer of this node, and to none else; {@code false} if the
   * register is not at {@code version} any more or another node leads.
   */
  private boolean send(String type, PolicyCommand command, String key, long version)
      throws InterruptedException {
    Answer answer;
    try {
      answer =
          gateway.sendAndWait(
              KeyedCommands.message(
                      command,
                      CommandKey.ofLedger(key),
                      Fingerprint.of(type, LedgerJson.write(command)),
                      new ExpectedVersion.Exactly(version),
                      null)
                  .andMetaData(Map.of(KeyedCommands.FORWARDED, true)),
              policies.answer().toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (NotLeadingException e) {
      logger.atDebug().setCause(e).log("The node that leads looks after the policies");
      return false;
    }
    if (answer instanceof Answer.Told told) {
      if (!told.outcome().isDone()) {
        logger
            .atInfo()
            .addKeyValue("status", told.outcome().status())
            .log("The register of policies moved on meanwhile; looking again");
      }
      return told.outcome().isDone();
    }
    throw new IllegalStateException(
        "the ledger did not take " + type + ": " + Objects.toString(answer));
  }
}
