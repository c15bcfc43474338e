/**
 * Places at which the process can be told to halt, so that a test kills it between two steps and
 * not somewhere near them. Armed by the environment alone, never by a setting that a file could
 * bring along. Nothing else belongs here; the code passes a point and knows no more of it.
 */
@NullMarked
package io.bincard.application.failpoint;

import org.jspecify.annotations.NullMarked;
