/** What one command costs where no server is asked: JMH benchmarks of pure code. */
@NullMarked
package io.bincard.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
